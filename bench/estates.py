"""Estates of any size: the second site of the lab, as often as wanted, under names and addresses of its own."""

import re
from pathlib import Path
from typing import Any

import yaml

LAB = Path(__file__).resolve().parents[1] / "examples" / "lab.yaml"
FEDERATED = 3
"""Sites that run AMKO. Every cluster is a member of GSLB, and each AMKO lists every member: AMKO on every site would
let the tree grow with the square of its sites, and measure the length of lists instead of the number of documents."""


def estate(sites: int) -> dict[str, Any]:
    """Return the content of an estate file of so many sites."""
    data: dict[str, Any] = yaml.safe_load(LAB.read_text(encoding="utf-8"))
    pattern = data["sites"][1]
    data["name"] = f"bench-{sites}"
    data["sites"] = [_renamed(pattern, number) for number in range(1, sites + 1)]
    for site in data["sites"][FEDERATED:]:
        for cluster in site["clusters"]:
            cluster["amko"] = False
    data["gslb"]["leader"] = data["sites"][0]["name"]
    data["amko"]["leader"] = data["sites"][0]["clusters"][0]["name"]
    return data


def write(sites: int, path: Path) -> None:
    """Write an estate file of so many sites."""
    path.write_text(yaml.safe_dump(estate(sites), sort_keys=False, width=100), encoding="utf-8")


def _renamed(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(item, number) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, number) for item in value]
    if not isinstance(value, str):
        return value
    text = re.sub(r"(?i)(site)02", rf"\g<1>{number:04}", value)
    text = re.sub(r"-01b\b", f"-{number:04}", text)
    return re.sub(r"\b192\.168\.(\d+)\.", lambda found: _network(number, int(found[1])), text)


def _network(number: int, third: int) -> str:
    """Give each site two /24 of its own: the lab's nodes have an even third byte, its VIPs an odd one."""
    return f"10.{16 + number // 128}.{number % 128 * 2 + third % 2}."
