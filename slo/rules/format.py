"""Rules and their tests as YAML: the same rules give the same bytes."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from slo.model.duration import format_duration
from slo.plan import GENERATED
from slo.rules.rule import AlertingRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slo.rules.promtool_case import TestCase, TestFile
    from slo.rules.rule import Rule, RuleGroup

_LONG_TEXT = 80
_WIDTH = 100_000


def rules_text(groups: Sequence[RuleGroup]) -> str:
    """A rule file for Prometheus."""
    return _yaml({"groups": [group_tree(group) for group in groups]})


def group_tree(group: RuleGroup) -> dict[str, Any]:
    """A group as mappings and lists, long texts as blocks: what stands below ``groups``."""
    return {
        "name": group.name,
        "interval": format_duration(group.interval),
        "rules": [_rule(rule) for rule in group.rules],
    }


def tests_text(rule_file: str, tests: TestFile) -> str:
    """A file for ``promtool test rules`` that stands in a folder beside that of the rules."""
    notes = "".join(f"# Not tested: {note}\n" for note in tests.untested)
    tree = {
        "rule_files": [f"../{rule_file}"],
        "evaluation_interval": format_duration(tests.interval),
        "tests": [_test(case) for case in tests.cases],
    }
    return _yaml(tree, notes)


def _yaml(tree: dict[str, Any], notes: str = "") -> str:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(tree, out)
    return f"# {GENERATED}\n{notes}{out.getvalue()}"


def _rule(rule: Rule) -> dict[str, Any]:
    if not isinstance(rule, AlertingRule):
        recorded = {"record": rule.record, "expr": _block(rule.expr)}
        return {**recorded, "labels": dict(rule.labels)} if rule.labels else recorded
    fields: dict[str, Any] = {"alert": rule.alert, "expr": _block(rule.expr)}
    if rule.hold:
        fields["for"] = format_duration(rule.hold)
    if rule.keep_firing:
        fields["keep_firing_for"] = format_duration(rule.keep_firing)
    fields["labels"] = dict(rule.labels)
    fields["annotations"] = {name: _block(text) for name, text in rule.annotations.items()}
    return fields


def _test(case: TestCase) -> dict[str, Any]:
    return {
        "name": case.name,
        "interval": format_duration(case.step),
        "input_series": [{"series": series, "values": values} for series, values in case.series],
        "promql_expr_test": [
            {
                "expr": _block(case.expr),
                "eval_time": format_duration(case.at),
                "exp_samples": [{"labels": "{}", "value": 1}] if case.fires else [],
            }
        ],
    }


def _block(text: str) -> str:
    """Long text as a block, in which nothing needs to be escaped."""
    printable = text.replace("\n", "").isprintable() and text == text.strip()
    if printable and (len(text) > _LONG_TEXT or "\n" in text):
        block: str = LiteralScalarString(text)
        return block
    return text
