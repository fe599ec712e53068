"""What to do next about a mistake, by its kind."""

from __future__ import annotations

from slo.documentation import documentation
from slo.errors import (
    AlertmanagerError,
    ConfigError,
    DeliveryError,
    Drift,
    GrafanaError,
    HistoryError,
    NotEnoughData,
    PushError,
    RunError,
    SelectorError,
    SloError,
    SpecError,
    UnderWay,
    Unfinished,
    UnsafePlan,
    WriteError,
)

_NEXT: dict[type[SloError], str] = {
    SpecError: "Mend the lines named above, then run this cell again. 'slo validate' reads every "
    "specification and lists all that is wrong.",
    ConfigError: "Correct what is named above and run this cell again; where it lies in "
    "slobook.toml or in a specification, run from the top, as both are read once.",
    NotEnoughData: "Ask for less, or fetch more with 'slo snapshot --days 42'.",
    HistoryError: "Look whether Prometheus answers at the address in slobook.toml; "
    "'slo snapshot' asks it the same.",
    WriteError: "Make room, or the folder writable; what stood there still stands.",
    SelectorError: "Write it as a selector or expression that can be replayed from raw samples; "
    f"{documentation('alerts.md')} says which.",
    PushError: "The run itself is as it is; look whether the Pushgateway answers.",
    UnsafePlan: "Look at the plan; if all of it is meant, apply(share=1).",
    Drift: "Make the plan anew and look at what somebody changed; project.pull() shows it.",
    AlertmanagerError: "Look at [alertmanager] in slobook.toml; 'slo doctor' asks it the same.",
    GrafanaError: "Look at Grafana's address and token in slobook.toml; 'slo plan' asks it the "
    "same.",
    DeliveryError: "Mend the delivery in slobook.toml, then 'slo deliver'.",
    Unfinished: "Make the plan anew and apply it: it does what is left.",
    UnderWay: "Wait until the other run is done, then run this cell again.",
    RunError: "Read the log that is named above, mend that, and run this cell again.",
}


def next_step(error: BaseException) -> str:
    """What the reader does next, in a sentence or two; by the nearest kind that has advice."""
    found = (_NEXT[kind] for kind in type(error).__mro__ if kind in _NEXT)
    return next(found, "Mend what is named above, then run this cell again.")
