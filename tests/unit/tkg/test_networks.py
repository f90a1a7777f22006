"""The bounds of networks, which are read by a quicker way than a network is, and must be those of the network."""

from __future__ import annotations

import random
from ipaddress import ip_network

import pytest

from validator.tkg.configuration import Bounds, bounds

ODD = (
    *("", "/", "10.0.0.0", "10.0.0/8", "10.0.0.0.0/8", "010.0.0.0/8", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1"),
    *(" 10.0.0.0/8", "10.0.0.0/ 8", "10.0.0.0 /8", "10.0.0.0\0/8", "10.0.0.0//8", "256.0.0.0/8", "0x0a.0.0.0/8"),
    *("10.0.0.0/255.0.0.0", "10.0.0.0/8/8", "10.0.0.0/\u0668", "fd00::1/48", "fe80::1%eth0/64", "avi.example.com/24"),
    *("0.0.0.0/0", "255.255.255.255/32", "10.1.2.3/0", "10.1.2.3/31"),
)


def _exact(text: str) -> Bounds | None:
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return None
    return found.version, int(found.network_address), int(found.broadcast_address)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_have_the_bounds_of_the_network_or_none(text: str) -> None:
    assert bounds(text) == _exact(text)


def test_any_network_has_its_bounds() -> None:
    chance = random.Random(4)  # noqa: S311  # the same texts in each run
    for _ in range(2000):
        text = ".".join(str(chance.randrange(260)) for _ in range(4)) + f"/{chance.randrange(35)}"
        assert bounds(text) == _exact(text), text
