"""The page of slobook.toml: every table and key, from the sections that read it."""

from __future__ import annotations

from slo.configuration.delivery import SECTIONS, DeliverySection
from slo.configuration.sections import Configuration
from tools.documentation.described import Undocumented, summary, table
from tools.documentation.fields import anchor, models_in, rows

_HEAD = ("key", "type", "default", "meaning")
_PAGE = """\
# slobook.toml

Every table and key, from the sections that read them. A key without a default must be there where
its table is. Unknown keys are refused with their line. Secrets are never written here: keys that
end in `_env` hold names of environment variables, keys that end in `_file` paths.
"""


def page() -> str:
    """The page in Markdown.

    Raises:
        Undocumented: A table or a key is described nowhere.

    """
    return _PAGE + "".join(
        _deliveries() if name == "delivery" else _section(name)
        for name in Configuration.model_fields
    )


def _section(name: str) -> str:
    field = Configuration.model_fields[name]
    found = list(models_in(field.annotation))
    if not found:
        raise Undocumented([name])
    model = found[0]
    text = f"\n## [{name}] {{ #{name} }}\n\n{summary(model)}\n\n{table(_HEAD, rows(model))}"
    for key, inner in model.model_fields.items():
        for one in models_in(inner.annotation):
            head = f"\n### [{name}.{key}.NAME] {{ #{anchor(one)} }}\n\n"
            text += f"{head}{summary(one)}\n\n{table(_HEAD, rows(one))}"
    return text


def _deliveries() -> str:
    said = rows(DeliverySection)
    text = (
        f"\n## [[delivery]] {{ #delivery }}\n\n{summary(DeliverySection)}\n\n{table(_HEAD, said)}"
    )
    ways: dict[type[DeliverySection], list[str]] = {}
    for way, model in SECTIONS.items():
        ways.setdefault(model, []).append(way)
    shared = frozenset(DeliverySection.model_fields)
    for model, names in ways.items():
        head = " or ".join(f'to = "{one}"' for one in names)
        text += f"\n### {head}\n\n{summary(model)}\n\n{table(_HEAD, rows(model, shared))}"
    return text
