"""Templates of annotations: from Prometheus' words to Grafana's."""

from __future__ import annotations

import re

_QUOTES = '"`'
_STRING = r'"(?:[^"\\]|\\.)*"|`[^`]*`'
_ACTION = re.compile(r"\{\{(?:" + _STRING + r'|[^"`}]|\}(?!\}))*\}\}')
_VALUE = re.compile(_STRING + r"|\$value\b|(?<![\w.$)])\.Value\b")


def grafana_template(text: str, query: str = "A") -> str:
    """The same text where Grafana expands it.

    Grafana has Prometheus' functions and ``$labels``; but its ``$value`` is a sentence about all
    queries, and the number of one is ``$values.A.Value``.

    Args:
        text: A template of Prometheus.
        query: The query whose number is meant.

    """
    number = f"$values.{query}.Value"

    def translated(action: re.Match[str]) -> str:
        return _VALUE.sub(lambda found: found[0] if found[0][0] in _QUOTES else number, action[0])

    return _ACTION.sub(translated, text)
