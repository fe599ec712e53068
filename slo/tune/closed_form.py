"""When an alert fires and falls silent, by arithmetic: an outage of a constant error ratio.

The formulas are those of https://sre.google/workbook/alerting-on-slos/, for steady traffic, no
errors before or after the outage, and evaluations without end. A real rule is evaluated every so
often, so that it fires and resets at most one interval later.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slo.model.alert import BurnRateAlert
    from slo.model.objective import Objective, Period


def burn_rate(objective: Objective, error_ratio: float) -> float:
    """How many times too fast the budget burns at an error ratio (0 to 1)."""
    return error_ratio / float(objective.error_budget)


def time_to_exhaustion(period: Period, burn: float) -> float:
    """Milliseconds in which a burn rate spends a whole budget; infinite at a burn rate of 0."""
    return period.length / burn if burn > 0 else math.inf


def detection_time(alert: BurnRateAlert, objective: Objective, error_ratio: float) -> float:
    """Milliseconds from an outage's start until the alert fires, if the outage lasts so long.

    ``(1 - objective) / error ratio * window * burn rate``, and then ``for``. The long window
    decides: a shorter one fills sooner. Infinite where the error ratio (0 to 1) never exceeds
    the threshold.
    """
    threshold = alert.threshold(objective)
    if error_ratio <= threshold:
        return math.inf
    return threshold / error_ratio * alert.long + alert.hold


def budget_at_detection(
    alert: BurnRateAlert, objective: Objective, period: Period, error_ratio: float
) -> float:
    """The share of the period's budget that an outage has spent when the alert fires.

    Without ``for`` that is ``burn rate * window / period`` whatever the error ratio (0 to 1):
    the alert's ``budget_share``. With it, the faster the burn the more: 138.9 % for an hour's
    ``for`` and an outage of everything, at 99.9 % over 30 days. Infinite where it never fires.
    """
    took = detection_time(alert, objective, error_ratio)
    return burn_rate(objective, error_ratio) * took / period.length


def reset_time(alert: BurnRateAlert, objective: Objective, error_ratio: float) -> float:
    """Milliseconds from an outage's end until an alert that fires falls silent.

    ``window * (1 - threshold / error ratio)``, and then ``keep_firing_for``. The short window
    decides. It must have reached the threshold, as it has wherever the alert fires; how long the
    outage lasted matters no further.

    Raises:
        ValueError: The alert does not fire at this error ratio (0 to 1).

    """
    threshold = alert.threshold(objective)
    if error_ratio <= threshold:
        message = f"{alert} does not fire at an error ratio of {error_ratio}"
        raise ValueError(message)
    return alert.short * (1 - threshold / error_ratio) + alert.keep_firing
