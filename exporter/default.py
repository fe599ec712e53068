"""The metrics of the process, made when they are first used, in prometheus_client's registry."""

from __future__ import annotations

import logging
from functools import cache

from exporter.agent_metrics import Metrics
from exporter.settings import Settings

_LOG = logging.getLogger("exporter")


@cache
def default_metrics() -> Metrics:
    """The one of this process, with the settings of the environment.

    Settings that cannot be understood are told and counted: an application must not fail for them.
    """
    try:
        return Metrics(settings=Settings.from_environment())
    except ValueError as error:
        _LOG.error("the settings of the metrics are not used: %s", error)
        made = Metrics()
        made.recorder.faults.note("settings", error)
        return made
