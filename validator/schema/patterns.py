"""What the regular expressions in the schemas mean, for readers; an expression that is not here is shown as it is."""

from __future__ import annotations

_NAME = "must be lower case letters, digits and `-`, with a letter or digit at each end"
_DOTTED = "must be lower case letters, digits, `-` and `.`, with a letter or digit at each end"
_KEY = "must be letters, digits, `-`, `_` and `.`"
_PREFIX = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"

MEANINGS = {
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$": "must be a duration such as `5m` or `1h30m`",
    r"^(0|([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+)$": "must be a duration such as `30m` or `1h30m`, or `0`",
    r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$": "must be a duration in minutes or less, such as `30s` or `5m`",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$": _NAME,
    r"^[a-z]([-a-z0-9]*[a-z0-9])?$": _NAME + ", and begin with a letter",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$": _DOTTED,
    r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$": (
        "must be a host name in lower case, without scheme, port or path; `*.` may stand in front"
    ),
    r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$": f"{_KEY}, with a letter or digit at each end",
    r"^(?:[A-Za-z0-9+/=\r\n]*|ENC\[.*\])$": "must be base64",
    r"^([0-9]+-)*[0-9]*[a-z](-?[a-z0-9])*$": (
        "must be a number without quotes, or the name of a port: lower case letters, digits and `-`, one letter at least"
    ),
    _PREFIX + r"[!\x24-;=A-Z_a-z~]+$": "must be a domain and a path, such as `example.com/controller`",
    r"^[0-9a-fA-F.:]+$": "must be an IP address",
    r"^(None|[0-9a-fA-F.:]*)$": "must be an IP address, or `None`",
    r"^ *[0-9a-fA-F.:]+/[0-9]{1,3} *$": "must be an address range such as `10.0.0.0/8`",
    r"^[-._a-zA-Z0-9]+$": _KEY,
    r"^[\-._a-zA-Z0-9]+$": _KEY,
    r"^[^/%]+$": "must not hold `/` or `%`",
    r"^\/.*$": "must begin with `/`",
    r"^(http|https|oci)://.*$": "must begin with `http://`, `https://` or `oci://`",
    r"^oci://.*$": "must begin with `oci://`",
    r"^(http|https|ssh)://.*$": "must begin with `http://`, `https://` or `ssh://`",
    r"^(http|https)://.*$": "must begin with `http://` or `https://`",
}
