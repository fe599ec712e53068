"""What should stand somewhere, and what writing it would change: made first, carried out later."""

from slo.plan.artefact import GENERATED, Artefact
from slo.plan.change import Change, ChangeKind
from slo.plan.planned import Plan, plan

__all__ = ["GENERATED", "Artefact", "Change", "ChangeKind", "Plan", "plan"]
