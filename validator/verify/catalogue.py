"""The checks of `estate verify`: id, name, severity, and what is to be known about each.

They are no rules: a rule reads a repository, a check asks the live estate. Ids are never used again, as with rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from validator.finding import Severity

DNS_SOURCES = ("RFC 1034", "RFC 1035", "RFC 2181")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its first line, why it matters, what to do, and where that was read."""

    id: str
    name: str
    severity: Severity
    summary: str
    why: str
    fix: str
    sources: tuple[str, ...]
    since: str = "0.1.0"

    @property
    def sections(self) -> dict[str, str]:
        return {"What it finds": f"{self.summary}.", "Why it matters": self.why, "Fix": self.fix}


_FEDERATOR = "AMKO federator/controllers/{status,utils,amkocluster_controller}.go (1.9.1 to 2.1.1)"
_CONFIG = "AMKO gslb/ingestion/gslb.go (1.9.1 to 2.1.1)"
_POLICY = "AMKO gslb/ingestion/{gdp_controller,fullsync}.go (1.9.1 to 2.1.1)"
_STATUS = "AKO internal/status/ing_status.go (1.9.2 to 2.1.1)"
_AVI = "Avi DNS service: GslbService, application profile System-DNS (30.2)"

_ALL = (
    Check(
        "VER101",
        "name-servers-differ",
        Severity.ERROR,
        "The parent zone delegates a domain to other name servers than the DNS virtual services of the estate",
        "Resolvers ask exactly the servers that the parent zone names. One that is missing never gets a question, so its site "
        "does not take over; one too many gets a share of all questions and answers none of them.",
        "Make the NS records of the domain in the parent zone those that the message lists, on every server of the zone.",
        ("RFC 1034 4.2.1",),
    ),
    Check(
        "VER102",
        "not-delegated",
        Severity.ERROR,
        "The parent zone does not delegate a domain of the estate",
        "Without NS records for the domain, resolvers believe the parent zone, which says that the global names do not exist.",
        "Add the NS records of the domain, and the addresses of its name servers, to the parent zone.",
        ("RFC 1034 4.2.1",),
    ),
    Check(
        "VER103",
        "glue-differs",
        Severity.ERROR,
        "The parent zone has another address for a name server than the estate file",
        "Questions go to the address in the parent zone. If that is not the DNS virtual service, they are lost.",
        "Correct the A or AAAA record in the parent zone, or the address in the estate file.",
        ("RFC 9471",),
    ),
    Check(
        "VER104",
        "delegated-without-address",
        Severity.ERROR,
        "A name server of the delegation has no address",
        "A resolver that gets a name without an address cannot ask that server; a name below the domain itself can only be "
        "resolved with glue in the parent zone.",
        "Add the A or AAAA record of the name server to the parent zone.",
        ("RFC 1034 4.2.1", "RFC 9471"),
    ),
    Check(
        "VER105",
        "name-server-is-alias",
        Severity.ERROR,
        "A name server of the delegation is an alias (CNAME)",
        "The name behind an NS record must have addresses of its own; many resolvers drop a name server that is an alias.",
        "Replace the CNAME by A or AAAA records.",
        ("RFC 2181 10.3",),
    ),
    Check(
        "VER106",
        "lame-delegation",
        Severity.ERROR,
        "A name server of the delegation does not serve the domain",
        "It refuses, fails, points elsewhere or stays silent. Resolvers lose time with it for each name and, without a second "
        "one, get no answer at all.",
        "On the Avi controllers, let the DNS virtual service host the domain: the GSLB configuration's DNS domains, and the "
        "site's DNS virtual service in it. Take a server that is none of the estate's out of the delegation.",
        ("RFC 1912 2.8", _AVI),
    ),
    Check(
        "VER107",
        "parent-not-asked",
        Severity.UNVERIFIABLE,
        "No server, or not every server, of the parent zone gave an answer",
        "Nothing is known about the delegation there; it may be right or wrong.",
        "Name the servers of the parent zone with `--parent-server`, and run where they answer.",
        DNS_SOURCES,
    ),
    Check(
        "VER201",
        "name-server-down",
        Severity.ERROR,
        "A DNS virtual service does not answer over UDP",
        "Its site does not take part in global load balancing, and every resolver that tries it first waits for its time-out. "
        "The message tells silence, a closed port and a missing route apart.",
        "Look at the DNS virtual service on the site's controller (is it up, has it its address) and at the firewalls on the "
        "way, for UDP 53.",
        DNS_SOURCES,
    ),
    Check(
        "VER202",
        "tcp-missing",
        Severity.WARNING,
        "A DNS virtual service does not answer over TCP",
        "An answer that is too long for UDP is asked for again over TCP: without it, that name cannot be resolved. It is an "
        "error where an answer is cut off already.",
        "Give the DNS virtual service a second service on port 53 with the network profile System-TCP-Proxy, and open TCP 53 "
        "in the firewalls on the way.",
        ("RFC 7766", "RFC 9210"),
    ),
    Check(
        "VER203",
        "name-not-answered",
        Severity.ERROR,
        "A DNS virtual service gives no address for a global name",
        "Users who are sent to this name server cannot reach the application. An Avi DNS virtual service drops questions for "
        "names that it does not know, so silence for one name with answers for others means the same.",
        "Look whether AMKO has made the GSLB service (`estate verify --kubeconfig`), whether the controllers have replicated "
        "it to this site, and whether any of its members is up.",
        (_AVI,),
    ),
    Check(
        "VER204",
        "not-authoritative",
        Severity.WARNING,
        "A DNS virtual service answers without authority",
        "Something between stands and answers from its memory: a resolver or a firewall with DNS inspection. What it says may "
        "be old, and resolvers may drop it.",
        "Let questions reach the DNS virtual service itself.",
        ("RFC 1035 4.1.1",),
    ),
    Check(
        "VER205",
        "foreign-address",
        Severity.ERROR,
        "A global name is answered with an address that no member has",
        "Users are sent where the application is not: a stale GSLB service, a virtual service of before, or a record by hand.",
        "Compare the members of the GSLB service on the GSLB leader with the Ingress objects; remove the stale member.",
        (_AVI, _STATUS),
    ),
    Check(
        "VER206",
        "wrong-cluster-answers",
        Severity.ERROR,
        "A global name is answered with an address of a cluster that must not serve it",
        "The estate file says that other clusters serve this application. One that answers beside them may lack its data.",
        "Remove the Ingress or its label there, or name the cluster in the estate file.",
        (_POLICY,),
    ),
    Check(
        "VER207",
        "standby-answers",
        Severity.ERROR,
        "A standby member answers for a global name",
        "Avi answers with members of a lower priority only while those of the highest are down: the application has failed over, "
        "or the traffic split is not in force.",
        "Look at the health of the primary's virtual service; if it is up, at the trafficSplit of the GSLBHostRule.",
        (_POLICY, _AVI),
    ),
    Check(
        "VER208",
        "member-never-answered",
        Severity.ERROR,
        "A member that should take its share of a global name is never answered",
        "The name has fewer members than the estate file says: looks healthy, and is not. It is `unverifiable` where too few "
        "answers came in to tell it from chance, or where the pool algorithm ties a client to one member.",
        "Look whether the member is in the GSLB service and up; ask for more samples with `--samples`.",
        (_POLICY, _AVI),
    ),
    Check(
        "VER209",
        "all-members-down",
        Severity.ERROR,
        "A global name is answered as Avi answers while all members are down",
        "The answer is the policy's `downResponse`: Avi's health monitors see no member.",
        "Look at the health monitors of the GSLB service, and whether the DNS virtual services reach the members' addresses.",
        (_AVI,),
    ),
    Check(
        "VER210",
        "zone-not-answered",
        Severity.INFO,
        "A DNS virtual service gives no SOA record for a domain",
        "Global names resolve without it. But nobody can cache that a name does not exist, and tools that check a delegation, "
        "such as the wizard of Windows DNS, call the server unreachable.",
        "Give the DNS virtual service an application profile with the domain in `dns_zones`.",
        ("RFC 2308", _AVI),
    ),
    Check(
        "VER211",
        "ttl-differs",
        Severity.WARNING,
        "A global name is answered with another time to live than the policy's",
        "The time to live is how long users stay with a site that is down. Another one than in the policy says that the policy "
        "is not in force for this name.",
        "Look at the GlobalDeploymentPolicy's status, and at GSLBHostRules for the name.",
        (_POLICY,),
    ),
    Check(
        "VER212",
        "alias-answered",
        Severity.WARNING,
        "A global name is answered with an alias and no address behind it",
        "Whether the name leads to a member cannot be seen in the answer.",
        "Ask for the alias, or let the GSLB service have members by address, as AMKO makes them.",
        DNS_SOURCES,
    ),
    Check(
        "VER213",
        "resolver-without-answer",
        Severity.ERROR,
        "A resolver gives no address for a global name",
        "Users of this resolver cannot reach the application, whatever the DNS virtual services say.",
        "Follow the delegation from the resolver: does it reach the parent zone, and the name servers, on UDP and TCP 53; does "
        "it validate a signed parent zone.",
        DNS_SOURCES,
    ),
    Check(
        "VER214",
        "member-addresses-unknown",
        Severity.UNVERIFIABLE,
        "An answer cannot be compared with the members' addresses",
        "A serving cluster declares no `ako.vipNetwork`, and no kubeconfig gives the address of its Ingress.",
        "Run with `--kubeconfig`, or declare the network.",
        (_STATUS,),
    ),
    Check(
        "VER215",
        "name-servers-disagree",
        Severity.WARNING,
        "One DNS virtual service never answers with a member with which others answer",
        "The sites' controllers do not have the same GSLB service, or this site sees the member as down.",
        "Look at the GSLB replication on the leader, and at the health of the member as seen from this site.",
        (_AVI,),
    ),
    Check(
        "VER301",
        "cluster-not-asked",
        Severity.UNVERIFIABLE,
        "A cluster gave no answer, or not to every question",
        "What was asked there is not verified. The message says whether it was silent, refused the credentials or forbids it.",
        "Run where its API server answers, with a kubeconfig that may get and list the objects in `avi-system`, and Ingresses.",
        ("Kubernetes API conventions",),
    ),
    Check(
        "VER302",
        "context-not-given",
        Severity.UNVERIFIABLE,
        "No kubeconfig that was given has the context of a cluster",
        "The cluster is not verified.",
        "Give the kubeconfig with that context, by `--kubeconfig`; contexts are named as in the estate.",
        ("client-go tools/clientcmd",),
    ),
    Check(
        "VER303",
        "ako-not-ready",
        Severity.ERROR,
        "AKO is not running, or not ready",
        "Without AKO no Ingress of the cluster gets a virtual service: the cluster serves no member.",
        "`kubectl -n avi-system describe pod ako-0`, and its log.",
        ("AKO helm/ako/templates/statefulset.yaml (1.9.1 to 2.1.1)",),
    ),
    Check(
        "VER304",
        "amko-not-ready",
        Severity.ERROR,
        "AMKO is not running, or not ready",
        "On the leader, GSLB services are not kept up to date; on a follower, nothing can take over.",
        "`kubectl -n avi-system describe pod amko-0`, and the logs of both containers.",
        ("AMKO helm/amko/templates/statefulset.yaml (1.9.1 to 2.1.1)",),
    ),
    Check(
        "VER305",
        "pods-restarted",
        Severity.INFO,
        "A container of AKO or AMKO was restarted",
        "Both end themselves to take up new settings, so a few restarts are normal; from five on it is a warning.",
        "`kubectl -n avi-system logs --previous`.",
        (_CONFIG, "AKO pkg/api, internal/k8s (1.9.1 to 2.1.1)"),
    ),
    Check(
        "VER306",
        "live-version-differs",
        Severity.ERROR,
        "Another release of AKO or AMKO runs than the estate file says",
        "AMKOs of different releases do not federate: the leader leaves the other cluster out.",
        "Finish the upgrade, or correct `versions` in the estate file.",
        (_FEDERATOR,),
    ),
    Check(
        "VER307",
        "live-leader-differs",
        Severity.ERROR,
        "Not exactly the cluster of the estate file leads AMKO",
        "With two leaders AMKO stops on both; without one nobody programs GSLB, though all pods are ready.",
        "Let `currentClusterIsLeader` be true on the leader alone.",
        (_FEDERATOR, "AMKO gslb/ingestion/bootup_handler.go (1.9.1 to 2.1.1)"),
    ),
    Check(
        "VER308",
        "federation-failed",
        Severity.ERROR,
        "The status of an AMKOCluster says that federation does not work",
        "The objects of the leader do not reach the other clusters: they would take over with old ones.",
        "The reason in the message is AMKO's own; mend what it names.",
        (_FEDERATOR,),
    ),
    Check(
        "VER309",
        "gslb-config-not-accepted",
        Severity.ERROR,
        "AMKO has not accepted the GSLBConfig",
        "Until its status says `success: gslb config accepted`, AMKO programs nothing, or works with the settings of before.",
        "The state in the message is AMKO's own. One that says that a restart is needed: delete the pod `amko-0`.",
        (_CONFIG,),
    ),
    Check(
        "VER310",
        "policy-not-accepted",
        Severity.ERROR,
        "AMKO has not accepted the GlobalDeploymentPolicy",
        "A policy that AMKO rejects at its next start deletes every GSLB service.",
        "The message is AMKO's own; mend the policy before AMKO restarts.",
        (_POLICY,),
    ),
    Check(
        "VER311",
        "live-objects-differ",
        Severity.ERROR,
        "An AMKO object is not the same on all clusters",
        "The object of the cluster that takes over becomes the one in force: the estate changes by failing over.",
        "Let every site's repository hold the same values; look whether federation works.",
        (_FEDERATOR,),
    ),
    Check(
        "VER312",
        "live-object-differs",
        Severity.ERROR,
        "An AMKO object is not what the estate file says",
        "The repository is not applied, was rendered from another state, or someone changed the object by hand.",
        "Look whether Flux or Argo CD has applied the revision, and render again.",
        (_FEDERATOR, _POLICY),
    ),
    Check(
        "VER313",
        "live-uuid-differs",
        Severity.ERROR,
        "The UUID of AMKO on a cluster is not that of the estate file",
        "GSLB services belong to a UUID: under another one AMKO does not find them again, and leaves them orphaned.",
        "Never change it: correct the estate file, or the annotation, to the UUID under which the services were made.",
        ("AMKO gslb/ingestion/gslb.go GetUUIDFromGSLBConfig",),
    ),
    Check(
        "VER314",
        "ingress-without-address",
        Severity.ERROR,
        "A serving cluster has no Ingress for a global name, or one without an address",
        "AMKO makes a member of an Ingress only once AKO has given it an address: this cluster is no member.",
        "`kubectl describe ingress` there; AKO's events say why it has no virtual service.",
        (_STATUS,),
    ),
    Check(
        "VER315",
        "deletion-asked",
        Severity.ERROR,
        "AKO is told to delete what it made in Avi",
        "With `deleteConfig` true AKO removes all its virtual services: the cluster serves nothing.",
        "Set `AKOSettings.deleteConfig` to false.",
        ("AKO internal/k8s HandleConfigMap (1.9.1 to 2.1.1)",),
    ),
    Check(
        "VER316",
        "live-object-missing",
        Severity.ERROR,
        "A cluster does not have exactly one AMKOCluster, GSLBConfig and GlobalDeploymentPolicy",
        "AMKO works with one of each, in `avi-system`: without one it does nothing, with two it stops.",
        "Look whether the AMKO release is installed; remove the object too many.",
        (_FEDERATOR, _CONFIG),
    ),
    Check(
        "VER901",
        "out-of-time",
        Severity.UNVERIFIABLE,
        "The time was over before everything was asked",
        "What was not asked is not verified.",
        "Give more time with `--timeout`, or ask for less with `--site`, `--app` or `--samples`.",
        ("this command",),
    ),
)

CHECKS = {check.id: check for check in _ALL}
"""Every check by its id."""


def find(name: str) -> Check | None:
    """Return the check with an id or a name, in any case."""
    for check in _ALL:
        if name.upper() == check.id or name.lower() == check.name:
            return check
    return None
