"""Single faults in the files under `dns/` that are no YAML: the rules on delegations tell each of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.template.conftest import Files, files_of, text_of, write
from validator import runner
from validator.finding import Finding, Severity
from validator.options import Options

EXAMPLES = ("lab", "three-sites", "argocd")
FORM = re.compile(r"dns/(bind|nsupdate|windows|unbound|dnsmasq|coredns)/")
ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")


def code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(("#", ";"))


def faults(files: Files) -> Iterator[tuple[str, int, str, str]]:
    """Yield path, line (1-based), what was done, and the new text: each address is another one, then gone."""
    for path in sorted(path for path in files if FORM.match(path)):
        lines = files[path].split("\n")
        for index, line in enumerate(lines):
            for match in ADDRESS.finditer(line) if code(line) else ():
                for what, new in (("copied", "192.0.2.77"), ("gone", "")):
                    changed = line[: match.start()] + new + line[match.end() :]
                    if not new and not re.search(r"dns/(coredns|windows)", path):
                        changed = ""  # the whole line goes, as it would without its one address
                    yield path, index + 1, what, "\n".join([*lines[:index], changed, *lines[index + 1 :]])


def findings(files: Files, folder: Path, **texts: str) -> tuple[Finding, ...]:
    options = Options(select=("DNS",), kubeconform="off")
    return runner.run(
        write({**files, **{path.replace("__", "/"): text for path, text in texts.items()}}, folder), options
    ).findings


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_address_that_is_another_or_gone_is_told(example: str, tmp_path: Path) -> None:
    files = files_of(text_of(example))
    small = {path: text for path, text in files.items() if path.startswith(("dns/", "estate.yaml"))}
    count = 0
    for number, (path, line, what, text) in enumerate(faults(small)):
        found = findings({**small, path: text}, tmp_path / str(number))
        weighty = [one for one in found if one.severity in {Severity.ERROR, Severity.WARNING}]
        assert weighty, f"{path}:{line} {what}"
        assert {one.path for one in weighty} == {path}
        if what == "copied":
            assert line in {one.line for one in weighty}, f"{path}:{line} {[str(one.order) for one in weighty]}"
        count += 1
    assert count >= 24


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        ("dns/bind/nsxbaas.homelab.delegation.zone", "NS   g-dns-vs-site02", "NS   g-dns-vs-site03", "DNS103"),
        ("dns/bind/nsxbaas.homelab.delegation.zone", "192.168.70.53", "192.168.70.530", "DNS111"),
        (
            "dns/bind/nsxbaas.homelab.delegation.zone",
            "site02.nsxbaas.homelab. 3600",
            "site02.nsxbaas.homelab. 60",
            "DNS112",
        ),
        (
            "dns/bind/nsxbaas.homelab.delegation.zone",
            "g-dns-vs-site02.nsxbaas.homelab. 3600 IN A ",
            "old. 3600 IN A ",
            "DNS102",
        ),
        ("dns/nsupdate/delegation.nsupdate", "update add avi", "update add api", "DNS110"),
        ("dns/windows/Set-Delegation.ps1", "$Domains = @(\n    'avi'", "$Domains = @(\n    'api'", "DNS110"),
        ("dns/windows/Set-Delegation.ps1", "FromSeconds(3600)", "FromSeconds(36000)", "DNS112"),
        ("dns/nsupdate/delegation.nsupdate", "NS g-dns-vs-site01.nsxbaas", "NS g-dns-vs-site01.nsxbas", "DNS103"),
    ],
)
def test_other_faults_are_told(path: str, old: str, new: str, rule: str, tmp_path: Path) -> None:
    files = files_of(text_of("lab"))
    assert old in files[path]
    found = findings({**files, path: files[path].replace(old, new)}, tmp_path)
    assert rule in {one.rule for one in found}
    assert {one.path for one in found} == {path}


def test_a_domain_or_a_site_that_is_new_is_told_in_every_form(tmp_path: Path) -> None:
    """The estate file was changed and nothing was rendered: every file is out of date."""
    files = files_of(text_of("lab"))
    more = files["estate.yaml"].replace("[avi.nsxbaas.homelab]", "[avi.nsxbaas.homelab, edge.nsxbaas.homelab]")
    found = findings({**files, "estate.yaml": more}, tmp_path / "domain")
    forms = {path for path in files if path.startswith("dns/") and not path.endswith("README.md")}
    assert {one.path for one in found if one.rule == "DNS110"} == forms
    moved = files["estate.yaml"].replace("address: 192.168.70.53", "address: 192.168.70.54")
    found = findings({**files, "estate.yaml": moved}, tmp_path / "address")
    assert {one.path for one in found if one.rule == "DNS103"} == forms
