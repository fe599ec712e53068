"""By which uid each dashboard is known: links, pushes and alerts refer to it, so none changes."""

from __future__ import annotations

SLO_LIST = "slobook-slo-001"
SLO_DETAIL = "slobook-slo-detail-001"
OPERATIONS = "ai-support-ops-001"
COST = "ai-support-cost-001"
