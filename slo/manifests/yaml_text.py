"""Trees as YAML that programs in Go read as we mean it: the same trees give the same bytes."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter

from slo.plan import GENERATED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ruamel.yaml.nodes import ScalarNode

_WIDTH = 100_000

# ruamel writes YAML 1.2; Kubernetes, Helm and Alertmanager read 1.1, in which more words are
# truths and more digits are numbers: ``on``, ``0600``, ``6:00``, ``1_000``.
_OTHERWISE_IN_1_1 = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|~|=|<<)|[-+.\d][\d_:.,xobe+-]*"
)


class _Representer(RoundTripRepresenter):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  ruamel asks for each
        return True

    def represent_text(self, data: str) -> ScalarNode:
        style = '"' if _OTHERWISE_IN_1_1.fullmatch(data) else None
        node: ScalarNode = self.represent_scalar("tag:yaml.org,2002:str", data, style=style)
        return node


_Representer.add_representer(str, _Representer.represent_text)


def yaml_text(*documents: Mapping[str, Any]) -> str:
    """One document, or several in one file."""
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump_all(documents, out)
    return f"# {GENERATED}\n{out.getvalue()}"
