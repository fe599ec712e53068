"""The reference is made from the code, and what nobody described is refused."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated, Literal

import pytest
import typer
from typer.main import get_command

from slo.configuration.fields import Section
from slo.configuration.sections import Configuration
from slo.model.duration import HOUR
from slo.spec.own_wire import OWN_KINDS
from slo.spec.wire import OPENSLO_KINDS
from tools.documentation import command, configuration, metrics, python_api, results, specs
from tools.documentation.described import Undocumented, table
from tools.documentation.fields import rows

ROOT = Path(__file__).resolve().parents[3]


def test_every_kind_and_field_of_a_specification_has_a_row():
    page = specs.page()
    kinds = {**OPENSLO_KINDS, **OWN_KINDS}
    for kind, model in kinds.items():
        assert f"\n### {kind}\n" in page
        for name, field in model.model_fields["spec"].annotation.model_fields.items():
            assert f"| `{field.alias or name}` |" in page
    assert "[TimeWindow](#fields-time-window)" in page
    assert "{ #fields-time-window }" in page


def test_every_table_and_key_of_the_configuration_has_a_row():
    page = configuration.page()
    for name in Configuration.model_fields:
        assert f"{{ #{name} }}" in page
    assert "| `evaluation_interval` | duration | `1m` | Time between" in page
    assert '### to = "slack" or to = "teams"' in page
    assert "| `from` | text |  |" in page


def test_every_verb_and_option_is_on_the_page_of_the_command():
    page = command.page()
    assert "### slo tune\n" in page
    assert "#### slo annotate deploy\n" in page
    assert "$ slo run-due" in page
    assert (
        "| `-c, --config PATH` | The project's configuration file. (default: slobook.toml) |"
        in page
    )


def test_metrics_and_names_of_python_are_pages():
    assert "support_agent_tickets_received_total" in metrics.page()
    page = python_api.page()
    assert "::: slo.backtest.replay.backtest\n" in page
    assert "heading: slo.figures.burn_down\n" in page
    assert "::: slo.project.project.Project\n" in page


def test_every_field_of_result_json_has_a_row():
    page = results.page()
    for file in (ROOT / "docs" / "schemas").glob("*.json"):
        schema = json.loads(file.read_text())
        assert f"## {schema['title'].partition(',')[0]}\n" in page
        for part in [schema, *schema["$defs"].values()]:
            for name in part.get("properties", {}):
                assert f"| `{name}` |" in page


def test_a_field_of_result_json_that_nobody_described_is_refused():
    with pytest.raises(Undocumented, match=r"described nowhere: whole\.secret"):
        results.rows("whole", {"properties": {"secret": {"type": "string"}}}, {}, "x")


class Described(Section):
    """A table.

    Attributes:
        pause: Milliseconds between tries.
        how: ``fast`` or ``slow``.
        labels: What it is known by.

    """

    pause: int = HOUR
    how: Literal["fast", "slow"] = "fast"
    labels: dict[str, str] = {}  # noqa: RUF012  pydantic copies it


class Half(Section):
    """A table.

    Attributes:
        told: What it is.

    """

    told: str
    secret: str = ""


def test_a_field_is_a_row_of_name_type_default_and_meaning():
    assert rows(Described) == [
        ["`pause`", "duration", "`1h`", "Time between tries."],
        ["`how`", "`fast` or `slow`", "`fast`", "``fast`` or ``slow``."],
        ["`labels`", "text by name", "none", "What it is known by."],
    ]


def test_a_field_that_nobody_described_is_refused():
    with pytest.raises(Undocumented, match=r"described nowhere: Half\.secret"):
        rows(Half)


def test_an_option_or_a_verb_that_nobody_described_is_refused():
    app = typer.Typer(rich_markup_mode=None)

    @app.command()
    def told(known: Annotated[str, typer.Option(help="Known.")] = "", secret: str = "") -> None:
        """Do it."""

    @app.command()
    def untold() -> None:
        pass

    whole = get_command(app)
    whole.help = "All."
    assert command.undescribed(whole, "x") == ["x told --secret", "x untold"]


def test_a_name_a_method_or_a_field_that_nobody_described_is_refused():
    @dataclasses.dataclass
    class One:
        """A noun.

        Attributes:
            known: What it is.

        """

        known: int
        secret: int

        def told(self) -> None:
            """Do it."""

        def untold(self) -> None:
            pass

    One.__module__ = "slo.one"
    assert python_api.undescribed("One", One) == ["One.secret", "One.untold"]
    assert python_api.undescribed("f", lambda: None) == ["f"]


def test_a_table_holds_one_line_a_row_and_no_stray_bars():
    assert (
        table(("a", "b"), [["x\ny", "``p | q``"]])
        == "| a | b |\n| --- | --- |\n| x y | `p \\| q` |\n"
    )
