"""Hand UDP datagrams and TCP connections on: `python relay.py ADDRESS PORT TARGET_PORT`, the target on 127.0.0.1.

named listens only on addresses that an interface has, and the loopback device has one of the 16 million that it answers for.
This gives a named any of the others. It is a process of its own, as the tests' may open no connection.
"""

import contextlib
import socket
import sys
import threading

TARGET = "127.0.0.1"


def datagrams(channel: socket.socket, port: int) -> None:
    while True:
        data, sender = channel.recvfrom(65535)
        threading.Thread(target=datagram, args=(channel, data, sender, port), daemon=True).start()


def datagram(channel: socket.socket, data: bytes, sender: tuple[str, int], port: int) -> None:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.settimeout(10)
        own.sendto(data, (TARGET, port))
        channel.sendto(own.recv(65535), sender)


def copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65535):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def main() -> None:
    address, port, target = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    channel.bind((address, port))
    listener = socket.create_server((address, port))
    threading.Thread(target=datagrams, args=(channel, target), daemon=True).start()
    print("ready", flush=True)
    while True:
        caller, _ = listener.accept()
        callee = socket.create_connection((TARGET, target))
        for pair in ((caller, callee), (callee, caller)):
            threading.Thread(target=copy, args=pair, daemon=True).start()


if __name__ == "__main__":
    main()
