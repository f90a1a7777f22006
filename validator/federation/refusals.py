"""What AMKO refuses in the settings that a policy and a GSLBHostRule share.

Source: AMKO gslb/ingestion/gslb_host_rule.go isGslbPoolAlgorithmValid, isFallbackAlgorithmValid, isGSLBDownResponseValid;
gslb/ingestion/gdp_controller.go GDPSanityChecks (1.9.1 to 2.1.1).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from validator.federation.policies import Policy
from validator.finding import Problem
from validator.read.effective import MISSING

ROUND_ROBIN, CONSISTENT, GEO, TOPOLOGY = (
    f"GSLB_ALGORITHM_{name}" for name in ("ROUND_ROBIN", "CONSISTENT_HASH", "GEO", "TOPOLOGY")
)
FALLBACK_IP = "GSLB_SERVICE_DOWN_RESPONSE_FALLBACK_IP"
POOL, DOWN = "poolAlgorithmSettings", "downResponse"


def pool_algorithm(policy: Policy) -> Iterator[Problem]:
    """Yield what is wrong in the combination of algorithm, hash mask and fallback."""
    block = policy.get(POOL)
    if not isinstance(block, dict) or (policy.from_chart and not block) or policy.told(POOL):
        return
    algorithm, mask, fallback = (_value(block, key) for key in ("lbAlgorithm", "hashMask", "geoFallback"))
    if algorithm in (MISSING, ""):
        if not policy.from_chart:
            yield _bad(policy, "`lbAlgorithm` is missing; AMKO refuses the block without it", POOL)
    elif algorithm in (ROUND_ROBIN, TOPOLOGY):
        for key, value in (("hashMask", mask), ("geoFallback", fallback)):
            if value is not MISSING:
                yield _bad(policy, f"`{key}` is not allowed with `{algorithm}`", POOL, key)
    elif algorithm == CONSISTENT:
        if mask is MISSING:
            yield _bad(policy, f"`hashMask` is required with `{CONSISTENT}`, a number from 1 to 31", POOL, "hashMask")
        if fallback is not MISSING:
            yield _bad(policy, f"`geoFallback` is not allowed with `{CONSISTENT}`", POOL, "geoFallback")
    elif algorithm == GEO:
        yield from _geo(policy, fallback)


def _geo(policy: Policy, fallback: Any) -> Iterator[Problem]:
    at = (POOL, "geoFallback")
    if not isinstance(fallback, dict):
        if fallback is MISSING:
            yield _bad(policy, f"`geoFallback` is required with `{GEO}`: `{ROUND_ROBIN}` or `{CONSISTENT}`", *at)
        return
    algorithm, mask = _value(fallback, "lbAlgorithm"), _value(fallback, "hashMask")
    if algorithm in (MISSING, ""):
        yield _bad(policy, f"`geoFallback.lbAlgorithm` is missing: `{ROUND_ROBIN}` or `{CONSISTENT}`", *at)
    elif algorithm == ROUND_ROBIN and mask is not MISSING:
        yield _bad(policy, f"`geoFallback.hashMask` is not allowed with `{ROUND_ROBIN}`", *at, "hashMask")
    elif algorithm == CONSISTENT and mask is MISSING:
        yield _bad(
            policy, f"`geoFallback.hashMask` is required with `{CONSISTENT}`, a number from 1 to 31", *at, "hashMask"
        )


def down_response(policy: Policy) -> Iterator[Problem]:
    """Yield what is wrong in the combination of response type and fallback address."""
    block = policy.get(DOWN)
    if not isinstance(block, dict) or policy.told(DOWN):
        return
    kind, address = _value(block, "type"), _value(block, "fallbackIP")
    given = isinstance(address, str) and address != ""
    if kind == FALLBACK_IP:
        if address in (MISSING, ""):
            yield _bad(policy, f"`fallbackIP` is required with `{FALLBACK_IP}`", DOWN, "fallbackIP")
        elif given and not is_address(address):
            yield _bad(policy, f"`fallbackIP` `{address}` is no IP address", DOWN, "fallbackIP")
        elif given and not is_ipv4(address):
            yield _bad(
                policy, f"`fallbackIP` `{address}` is no IPv4 address; AMKO sends it to Avi as one", DOWN, "fallbackIP"
            )
    elif isinstance(kind, str) and given:
        yield _bad(policy, f"`fallbackIP` is not allowed with `{kind}`, only with `{FALLBACK_IP}`", DOWN, "fallbackIP")


def health_monitors(policy: Policy) -> Iterator[Problem]:
    """Yield a problem where health monitors are given by reference and by template."""
    refs, template = policy.get("healthMonitorRefs"), policy.get("healthMonitorTemplate")
    if isinstance(refs, list) and refs and isinstance(template, str) and (template or not policy.from_chart):
        yield Problem(
            policy.at("healthMonitorTemplate"),
            f"{policy.title} has `healthMonitorTemplate` and `healthMonitorRefs`; AMKO refuses both together, keep one",
            related=((policy.at("healthMonitorRefs", key=True), "the references"),),
        )


def _bad(policy: Policy, text: str, *pointer: str) -> Problem:
    return Problem(policy.at(*pointer), f"{policy.title}: in `{policy.path(pointer[0])}` {text}")


def _value(block: dict[str, Any], key: str) -> Any:
    found = block.get(key)
    return MISSING if found is None else found


def is_address(text: object) -> bool:
    """Return whether a text is an IP address as AMKO reads it."""
    try:
        ipaddress.ip_address(text if isinstance(text, str) else "")
    except ValueError:
        return False
    return True


def is_ipv4(text: str) -> bool:
    """Return whether an address is an IPv4 address."""
    return is_address(text) and ipaddress.ip_address(text).version == 4
