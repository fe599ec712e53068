"""Whom Alertmanager tells of an alert: its tree of routes, walked as it walks it.

https://prometheus.io/docs/alerting/latest/configuration/#route: an alert goes down to the first
child that it meets, and on to the next where that one says ``continue``; where it meets none it
stays, and the route's receiver is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from slo.doctor.alertmanager.matcher import matchers_of, met
from slo.errors import AlertmanagerError
from slo.model.duration import SECOND, parse_duration

if TYPE_CHECKING:
    from slo.model.selector import Matcher

_GROUP_WAIT = 30.0
PAGERDUTY = "pagerduty"


@dataclass(frozen=True)
class Route:
    """A route with its children.

    Attributes:
        receiver: Who is told; its parent's where it names none.
        matchers: Which alerts come here.
        goes_on: Whether an alert that came here goes on to the next route.
        group_wait: Seconds until a new group is told of; its parent's where it says none.
        time_intervals: Names of intervals that mute it, or outside of which it is mute.
        children: In their order.

    """

    receiver: str
    matchers: tuple[Matcher, ...]
    goes_on: bool
    group_wait: float
    time_intervals: tuple[str, ...]
    children: tuple[Route, ...]

    def reached(self, labels: dict[str, str]) -> tuple[Route, ...]:
        """The routes at which an alert stays; none where it does not come here."""
        if not met(self.matchers, labels):
            return ()
        found: list[Route] = []
        for child in self.children:
            below = child.reached(labels)
            found += below
            if below and not child.goes_on:
                break
        return tuple(found) or (self,)


@dataclass(frozen=True)
class Routing:
    """An Alertmanager's routes and receivers.

    Attributes:
        root: Where every alert begins.
        integrations: Of each receiver, such as ``pagerduty``; empty where it tells nobody.

    """

    root: Route
    integrations: dict[str, tuple[str, ...]]

    def told(self, labels: dict[str, str]) -> tuple[Route, ...]:
        """The routes of an alert's labels.

        Raises:
            AlertmanagerError: A regular expression cannot be read.

        """
        # The root takes all alerts, whatever it says.
        return self.root.reached(labels)

    def pages(self, route: Route) -> bool:
        """Whether a route tells PagerDuty."""
        return PAGERDUTY in self.integrations.get(route.receiver, ())


def read_routing(config: str) -> Routing:
    """The routes and receivers of a configuration.

    Raises:
        AlertmanagerError: It is no configuration of Alertmanager.

    """
    try:
        tree = YAML(typ="safe", pure=True).load(config)
        receivers = {one["name"]: _integrations(one) for one in tree.get("receivers") or ()}
        root = _route(tree["route"], "", _GROUP_WAIT)
    except (YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise AlertmanagerError(f"the configuration cannot be read: {error!r}") from None
    if not root.receiver:
        raise AlertmanagerError("the configuration's first route names no receiver")
    return Routing(root, receivers)


def _route(tree: dict[str, Any], receiver: str, group_wait: float) -> Route:
    own = tree.get("receiver") or receiver
    wait = parse_duration(str(tree["group_wait"])) / SECOND if "group_wait" in tree else group_wait
    named = (*(tree.get("mute_time_intervals") or ()), *(tree.get("active_time_intervals") or ()))
    return Route(
        receiver=own,
        matchers=matchers_of(tree),
        goes_on=bool(tree.get("continue")),
        group_wait=wait,
        time_intervals=tuple(named),
        children=tuple(_route(one, own, wait) for one in tree.get("routes") or ()),
    )


def _integrations(receiver: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        key.removesuffix("_configs")
        for key, value in receiver.items()
        if key.endswith("_configs") and value
    )
