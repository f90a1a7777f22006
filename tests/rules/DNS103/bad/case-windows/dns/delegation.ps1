# Windows
Add-DnsServerResourceRecordA -ZoneName 'example.com' -Name 'g-dns-01' -IPv4Address '192.0.2.53' -TimeToLive 01:00:00
Add-DnsServerZoneDelegation -Name 'example.com' -ChildZoneName 'gslb' -NameServer 'g-dns-01.example.com' -IPAddress 192.0.2.53 -PassThru
Add-DnsServerZoneDelegation -Name "example.com" -ChildZoneName gslb -NameServer g-dns-02.example.com -IPAddress "198.51.100.54"
