"""What a Prometheus already knows of services: candidates for objectives, each with its evidence.

    found = discover(server, end)
    taken = choose(found)
    promises = [promise(one, history) for one in taken]

Only names, types and sums are asked for, never all series of a server. Nothing is changed there.
"""

from slo.discovery.candidate import Candidate, Certainty, Discovery, Evidence
from slo.discovery.choosing import choose, chosen_services
from slo.discovery.discovering import discover
from slo.discovery.promise import Promise, promise

__all__ = [
    "Candidate",
    "Certainty",
    "Discovery",
    "Evidence",
    "Promise",
    "choose",
    "chosen_services",
    "discover",
    "promise",
]
