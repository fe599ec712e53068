"""``generated``: is ``generated/`` what the specifications ask for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.counting import every
from slo.doctor.finding import Finding, attention, fine, first_of

if TYPE_CHECKING:
    from slo.plan import Plan

NAME = "generated"


def generated(plan: Plan) -> Finding:
    """A plan of the folder that has nothing to do.

    Args:
        plan: Of the files that programs load; ``slo generate --check`` compares tests as well.

    """
    if not plan.changes:
        are = every(plan.existing, "file that programs load is", "files that programs load are")
        return fine(NAME, f"{are} up to date")
    return attention(
        NAME,
        f"not up to date with the specifications: {plan.summary}",
        "slo generate, then review, commit and deploy what changed",
        "rules-are-not-loaded",
        first_of([str(change) for change in plan.changes]),
    )
