"""What the clusters say about themselves: reads (GET) through the Kubernetes client, each of them bounded.

Answers are taken as plain JSON: the client's own models refuse what a later API server says.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from validator.facts import names
from validator.verify.budget import Budget
from validator.verify.kubeconfigs import Access
from validator.verify.plan import ClusterPlan, Plan
from validator.verify.workers import Workers

MAX_BYTES = 16 * 1024 * 1024
"""Bytes of one answer; the objects asked for have some kilobytes."""
PAGE = 250
MAX_PAGES = 8
CHUNK = 64 * 1024

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a question was not answered; `final` where the next one to this cluster would fare no better."""

    text: str
    final: bool = False
    status: int | None = None


Answer = list[Item] | Failure


@dataclass(slots=True)
class Observed:
    """The answers of one cluster, by what was asked: `statefulsets`, `ingresses/<namespace>` and so on."""

    cluster: ClusterPlan
    answers: dict[str, Answer] = field(default_factory=dict)
    trouble: str = ""
    """Why nothing, or nothing more, was asked."""
    given: bool = True
    """Whether a kubeconfig has the cluster's context."""

    def items(self, key: str) -> list[Item] | None:
        """Return the objects of an answer, None where there is none."""
        answer = self.answers.get(key)
        return answer if isinstance(answer, list) else None


def observe(plan: Plan, contexts: Mapping[str, Access], workers: Workers, budget: Budget) -> list[Observed]:
    """Ask every cluster of the plan; what is not answered in time has no answer."""
    observed = [Observed(one) for one in plan.clusters]
    for one in observed:
        access = contexts.get(one.cluster.context)
        one.given = access is not None
        one.trouble = access.trouble if access is not None else "not given"
    # One folder for the certificates of all: the client keeps a file for each content and shares it between clusters.
    with tempfile.TemporaryDirectory(prefix="estate-verify-") as folder:
        apis = [(one, _connect(contexts[one.cluster.context], one, folder)) for one in observed if not one.trouble]
        todo = [(one, api) for one, api in apis if api is not None]
        done = workers.each(lambda pair: _ask(plan, *pair, budget), todo)
    for (one, _), result in zip(todo, done, strict=True):
        if result is None:
            one.trouble = "did not end its answers in time"
            budget.leave_out()
    return observed


def _ask(plan: Plan, observed: Observed, api: Any, budget: Budget) -> bool:
    """Put all questions to one cluster; stop at the first failure that the next would share."""
    for key, call in _questions(plan, observed.cluster, api):
        seconds = budget.turn()
        if seconds <= 0:
            budget.leave_out()
            continue
        answer = _call(call, seconds)
        budget.count(answered=not isinstance(answer, Failure))
        observed.answers[key] = answer
        if isinstance(answer, Failure) and answer.final:
            observed.trouble = answer.text
            break
    return True


def _connect(access: Access, observed: Observed, folder: str) -> Any:
    """Return a client of one cluster; None, with the trouble noted, where the kubeconfig's entry is no use."""
    import urllib3
    from kubernetes import client, config

    urllib3.disable_warnings(
        urllib3.exceptions.InsecureRequestWarning
    )  # the kubeconfig says so, it is not ours to tell
    settings = client.Configuration()
    settings.retries = False  # no second try behind our back, and no redirect to somewhere else
    try:
        load: Any = config.load_kube_config_from_dict
        load(access.config, client_configuration=settings, persist_config=False, temp_file_path=folder)
        return client.ApiClient(settings)
    except Exception as error:  # noqa: BLE001  # what the client raises for a broken entry is no closed set
        observed.trouble = f"has an entry in the kubeconfig that cannot be used ({type(error).__name__})"
        return None


Call = Callable[..., Any]


def _questions(plan: Plan, cluster: ClusterPlan, api: Any) -> Iterator[tuple[str, Call]]:
    from kubernetes import client

    core, custom = client.CoreV1Api(api), client.CustomObjectsApi(api)

    def amko(plural: str, version: str) -> Call:
        return lambda **options: custom.list_namespaced_custom_object(
            names.AMKO_GROUP, version, names.NAMESPACE, plural, **options
        )

    def inside(method: Call, namespace: str = names.NAMESPACE) -> Call:
        return lambda **options: method(namespace, **options)

    yield "statefulsets", inside(client.AppsV1Api(api).list_namespaced_stateful_set)
    yield "pods", inside(core.list_namespaced_pod)
    if cluster.data["runsAko"]:
        yield (
            "configmaps",
            lambda **options: core.list_namespaced_config_map(
                names.NAMESPACE, field_selector=f"metadata.name={names.AKO_CONFIG}", **options
            ),
        )
    if cluster.data["runsAmko"]:
        yield "amkoclusters", amko("amkoclusters", "v1alpha1")
        yield "gslbconfigs", amko("gslbconfigs", "v1alpha1")
        yield "globaldeploymentpolicies", amko("globaldeploymentpolicies", "v1alpha2")
        yield "gslbhostrules", amko("gslbhostrules", "v1alpha1")
    if cluster.data["isMember"]:
        networking = client.NetworkingV1Api(api)
        for namespace in sorted({name.namespace for name in plan.names}):
            yield f"ingresses/{namespace}", inside(networking.list_namespaced_ingress, namespace)


def _call(call: Call, seconds: float) -> Answer:
    """List objects, page by page, within some seconds for each page."""
    found: list[Item] = []
    token = ""
    for _ in range(MAX_PAGES):
        options: dict[str, Any] = {"limit": PAGE, **({"_continue": token} if token else {})}
        page = _page(call, options, seconds)
        if isinstance(page, Failure):
            return page
        items = page.get("items")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            return Failure("answers with something that is no list of objects")
        found += items
        token = _text(page.get("metadata"), "continue")
        if not token:
            return found
    return Failure(f"has more than {PAGE * MAX_PAGES} objects")


def _page(call: Call, options: dict[str, Any], seconds: float) -> dict[str, Any] | Failure:
    from kubernetes.client.exceptions import ApiException
    from urllib3 import exceptions

    end = time.monotonic() + 2 * seconds
    try:
        response = call(**options, _preload_content=False, _request_timeout=(seconds, seconds))
        try:
            content = _body(response, end)
        finally:
            response.close()
    except ApiException as error:
        return _refusal(error.status)
    except exceptions.SSLError:
        return Failure("has a certificate that the kubeconfig's authority did not sign, or speaks no TLS", final=True)
    except exceptions.NewConnectionError:
        return Failure("cannot be reached", final=True)
    except exceptions.ConnectTimeoutError:
        return Failure("does not accept the connection in time", final=True)
    except (exceptions.TimeoutError, TimeoutError):
        return Failure("does not answer in time", final=True)
    except (exceptions.HTTPError, OSError):
        return Failure("cannot be reached", final=True)
    except Exception as error:  # noqa: BLE001  # broken credentials raise what their library likes; no text of it is shown
        return Failure(f"cannot be asked ({type(error).__name__})", final=True)
    if content is None:
        return Failure(f"answers with more than {MAX_BYTES // 2**20} MiB")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return Failure("answers with something that is no JSON")
    return data if isinstance(data, dict) else Failure("answers with something that is no list of objects")


def _body(response: Any, end: float) -> bytes | None:
    """Return the body, None for one that is too long; raise TimeoutError for one that comes too slowly."""
    content = bytearray()
    while chunk := response.read1(CHUNK):
        content += chunk
        if len(content) > MAX_BYTES:
            return None
        if time.monotonic() > end:
            raise TimeoutError
    return bytes(content)


def _refusal(status: int | None) -> Failure:
    if status == 401:
        return Failure("does not accept the credentials (401)", final=True, status=status)
    if status == 403:
        return Failure("does not allow it (403)", status=status)
    if status == 404:
        return Failure("does not know the kind (404)", status=status)
    if not status:
        return Failure("has a certificate that the kubeconfig's authority did not sign, or speaks no TLS", final=True)
    return Failure(f"answers with status {status}", final=status in {407, 429} or status >= 500, status=status)


def _text(block: Any, key: str) -> str:
    value = block.get(key) if isinstance(block, dict) else None
    return value if isinstance(value, str) else ""
