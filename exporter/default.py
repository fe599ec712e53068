"""The metrics of the process, made when they are first used, in prometheus_client's registry."""

from __future__ import annotations

import logging
from threading import Lock

from prometheus_client import REGISTRY

from exporter.agent_metrics import Metrics, metrics_of
from exporter.settings import Settings

_LOG = logging.getLogger("exporter")
_MAKING = Lock()


def default_metrics() -> Metrics:
    """Those of the default registry, made with the settings of the environment if there are none.

    Settings that cannot be understood are told and counted: an application must not fail for them.

    Raises:
        ValueError: The application has a metric of its own by one of their names.

    """
    return metrics_of(REGISTRY) or _first()


def _first() -> Metrics:
    with _MAKING:
        return metrics_of(REGISTRY) or _made()


def _made() -> Metrics:
    try:
        return Metrics(settings=Settings.from_environment())
    except ValueError as error:
        _LOG.error("the settings of the metrics are not used: %s", error)
        made = Metrics()
        made.recorder.faults.note("settings", error)
        return made
