"""What services promise: OpenSLO v1 in YAML, read into the model's nouns.

    specs = read_specs([Path("slo/catalog/ai_support")])

Supported are the kinds Service, SLO, SLI, AlertPolicy and AlertCondition. DataSource and
AlertNotificationTarget are accepted where their shape is right, and not used: where history comes
from is the project's configuration, and who is notified is Alertmanager's. Unknown fields are
refused. What slobook needs and OpenSLO cannot say stands in annotations:

=============================  =======================  ==========================================
annotation                     on                       meaning
=============================  =======================  ==========================================
``slobook/owner``              SLO                      who is paged
``slobook/runbook``            SLO                      a link, or a file in [links] runbooks
``slobook/dashboard``          SLO                      a link, or a uid in [links] dashboards
``slobook/each``               SLO, slobook/v1          one for each value; see ``slo.spec.each``
``slobook/evidence``           SLO                      why its alerts are what they are
``slobook/short-window``       AlertPolicy, -Condition  the second window; one window without it
``slobook/keep-firing-for``    AlertPolicy, -Condition  Prometheus' ``keep_firing_for``
=============================  =======================  ==========================================

What OpenSLO has no kind for stands in the same files under ``apiVersion: slobook/v1``:
``ThresholdAlert`` (an expression beyond a threshold), ``CostBudget`` (dollars a period, guarded as
an error budget is) and ``CostModel`` (what counters cannot say about a service's cost);
``slo.spec.own_wire`` names their fields.

Durations are OpenSLO's shorthand (``M``, ``Q`` and ``Y`` are 30, 90 and 365 days where a window
rolls) or Prometheus' (``1h30m``).
"""

from typing import TYPE_CHECKING

from slo.face import lazily

if TYPE_CHECKING:
    from slo.spec.reading import Specs, read_specs

__all__ = ["Specs", "read_specs"]

# Completion in a shell reads names only, and everything else is slow to load.
lazily(__name__, dict.fromkeys(__all__, f"{__name__}.reading"))
