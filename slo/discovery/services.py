"""Whose series they are: labels to the service's name, and to the conditions that mean it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.model.selector import Matcher

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from slo.discovery.known import KnownMetric

_LONGEST = 63
_SCRAPED_ALIKE = re.compile(
    r"(kubernetes|integrations)[-/].*|pods?|services?|federate|default|node"
)
"""Jobs that scrape whatever there is: their name says nothing."""

_APPLICATIONS = ("app_kubernetes_io_name", "app", "service", "kubernetes_name", "deployment")


@dataclass(frozen=True)
class Owner:
    """A service, as its series' labels know it.

    Attributes:
        name: As specifications name it.
        title: As its label has it; empty where no label does.
        matchers: The conditions that its series satisfy.

    """

    name: str
    title: str
    matchers: tuple[Matcher, ...]


def owner_labels(labels: Collection[str], known: KnownMetric | None) -> tuple[str, ...]:
    """The labels that tell services apart, of those that a metric's series have."""
    if known and known.service:
        asked = (_first(known.service, labels), _first(known.namespace, labels))
        if asked[0]:
            return tuple(filter(None, asked))
    application = _first(_APPLICATIONS, labels)
    return tuple(name for name in ("job", "namespace", application) if name in labels)


def owner_of(labels: Mapping[str, str], known: KnownMetric | None) -> Owner:
    """The service that a series with these labels, those of ``owner_labels``, belongs to."""
    job, namespace = labels.get("job", ""), labels.get("namespace", "")
    of_proxy = bool(known and known.service and _first(known.service, labels))
    if of_proxy:
        named = tuple(labels)
    elif job and not _SCRAPED_ALIKE.fullmatch(job):
        named = ("job", "namespace")
    else:
        application = _first(_APPLICATIONS, {name for name, value in labels.items() if value})
        named = (application or "job", "namespace")
    there = [name for name in named if labels.get(name)]
    title = labels[there[0]] if there and there[0] != "namespace" else namespace
    # A job of OpenTelemetry and of kube-prometheus is namespace/name; Traefik adds its provider.
    short = title.rpartition("/")[2].partition("@")[0] or title
    matchers = tuple(Matcher(name, "=", labels[name]) for name in there)
    return Owner(name_of(short), title, matchers)


def _first(wanted: Collection[str], there: Collection[str]) -> str:
    return next((name for name in wanted if name in there), "")


def name_of(text: str) -> str:
    """A name for specifications, of lower-case letters, digits and ``-``: made of any text.

    Of a text that says nothing in such letters a checksum stands in its place.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if not plain:
        return f"service-{zlib.crc32(text.encode('utf-8', 'replace')):08x}" if text else "service"
    return plain[:_LONGEST].strip("-")
