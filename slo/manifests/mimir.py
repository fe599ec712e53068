"""Rules for Mimir: a file that mimirtool loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slo.manifests.yaml_text import yaml_text
from slo.plan import Artefact
from slo.rules.format import group_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.rules.rule import RuleGroup


def mimir_rules(groups: Sequence[RuleGroup], namespace: str) -> Artefact:
    """The groups of the rule files, unchanged, under a namespace of Mimir's ruler."""
    tree = {"namespace": namespace, "groups": [group_tree(group) for group in groups]}
    return Artefact(f"mimir/{namespace}.yaml", yaml_text(tree))
