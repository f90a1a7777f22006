$TTL 3600
@ SOA ns1 hostmaster ( 1 2h
 1h 1w 5m ) ; serial
  NS ns1
ns1 A 192.0.2.1
$INCLUDE "more.db"
gslb NS g-dns-01
gslb NS g-dns-02
text TXT "; no ( comment"
