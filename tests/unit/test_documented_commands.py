"""Commands and links of the documentation, and what reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from slo.cli import app
from tests.cluster.flags import Refusal, understood
from tests.cluster.programs import PROGRAMS
from tests.cluster.stand_in import carried_out
from tests.documented_commands import Block, Command, blocks, calls, commands, headings, prints

DOCS = Path("docs")
GUIDE = (DOCS / "MONITORING_SETUP.md").read_text()
PAGES = [Path("README.md"), Path("CONTRIBUTING.md"), *sorted(DOCS.rglob("*.md"))]
SLO = get_command(app)
NOT_READ = {
    "amtool", "cat", "cd", "crontab", "curl", "export", "git", "install", "make",
    "openssl", "pip", "printf", "prometheus", "promtool", "pytest", "python", "read", "source",
    "ssh", "tr",
}  # fmt: skip
"""Programs whose arguments are not looked at here."""
TROUBLES = {
    "alertmanager-routing",
    "dashboards",
    "metrics-are-missing",
    "metrics-endpoint",
    "notifications",
    "prometheus-history",
    "replicas",
    "reports",
    "rules-are-not-loaded",
    "runbooks",
    "secrets",
    "tls",
}
"""Where findings of ``slo doctor`` send their readers."""


def every_call() -> list[tuple[str, list[str]]]:
    return [
        (f"{page}:{command.line}", words)
        for page in PAGES
        for block in blocks(page.read_text())
        if block.language == "console"
        for command in commands(block)
        for words in calls(command.text)
    ]


def fault_of(words: list[str]) -> str:
    """Why nobody could run a call; empty where it is well formed."""
    name, *arguments = words
    name = name.rpartition("/")[2]
    if name in PROGRAMS:
        try:
            understood(PROGRAMS[name], arguments)
        except Refusal as refusal:
            return str(refusal)
        return ""
    if name == "slo":
        return fault_of_slo(arguments)
    return "" if name in NOT_READ else f"nobody checks the program {name!r}"


def fault_of_slo(arguments: list[str]) -> str:
    """Reads the arguments as the command does, and runs nothing."""
    command, name = SLO, "slo"
    if arguments[:1] in (["--install-completion"], ["--show-completion"]):
        return ""  # reading these already does what they say
    try:
        while hasattr(command, "resolve_command"):
            context = command.make_context(name, [*arguments])
            name, command, arguments = command.resolve_command(context, [*arguments])
        context = command.context_class(command, info_name=name)
        command.make_parser(context).parse_args([*arguments])
    except Exception as error:  # noqa: BLE001  whatever click says is the fault
        return f"{name}: {error}"
    return ""


def test_every_documented_command_is_one_that_its_program_takes():
    found = every_call()
    assert [(place, why) for place, words in found if (why := fault_of(words))] == []
    assert len(found) > 120


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("slo backtest --nonsense", "nonsense"),
        ("slo backtst", "backtst"),
        ("kubectl get", "found 0 arguments"),
        ("kubectl appply -f x", "unknown command 'appply"),
        ("helm repo add --valus x y", "unknown flag --valus"),
        ("docker compose -f", "needs a value"),
        ("terraform apply", "nobody checks the program 'terraform'"),
    ],
)
def test_what_no_program_takes_is_a_fault(command, said):
    (words,) = calls(command)
    assert said in fault_of(words)


def test_every_trouble_of_the_doctor_has_its_place():
    anchors = headings(GUIDE)
    names = [name for _, name in anchors]
    first = names.index("troubleshooting")
    below = [name for level, name in anchors[first + 1 :] if level == 3]
    assert set(below) == TROUBLES
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("page", [*PAGES, Path("CHANGELOG.md")], ids=str)
def test_links_within_the_documentation_lead_somewhere(page):
    text = page.read_text()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), f"{page}: {target}"
        if anchor:
            known = [name for _, name in headings(there.read_text())]
            assert anchor in known, f"{page}: {target}, expected one of {known}"


def test_commands_have_what_they_print_and_with_what_they_end():
    text = "$ slo plan  # exits with 1: changes\na ... b\n$ slo \\\n    apply\n"
    first, second = commands(Block("console", text, 7))
    assert first == Command("slo plan  # exits with 1: changes", 8, ("a ... b",), 1)
    assert second == Command("slo \\\n    apply", 10)
    assert calls(second.text) == [["slo", "apply"]]
    with pytest.raises(ValueError, match="line 8: found 'out', expected a command"):
        commands(Block("console", "out\n", 7))


def test_blocks_keep_their_lines_and_lose_their_indentation():
    page = "a\n```console\n$ x\n```\n1. b\n\n   ```yaml\n   c:\n     d: 1\n\n   ```\n"
    assert list(blocks(page)) == [
        Block("console", "$ x\n", 2),
        Block("yaml", "c:\n  d: 1\n\n", 7),
    ]
    with pytest.raises(ValueError, match="line 1: a block has no end"):
        list(blocks("```toml\nx = 1\n"))


def test_calls_are_found_wherever_they_stand():
    command = "A=1 one -x '| no' && two > file | three \"$(four a)\" @<(five) b & six # seven"
    assert [words[0] for words in calls(command)] == ["one", "two", "three", "five", "six", "four"]
    assert calls(command)[2] == ["three", "$(four a)", "@", "b"]


def test_what_is_shown_is_printed_in_this_order():
    printed = "first 1\nsecond 2\nthird 3\n"
    assert prints(("first ...", "third 3"), printed)
    assert not prints(("third 3", "first ..."), printed)
    assert not prints(("second",), printed)


@pytest.mark.parametrize(
    ("before", "command", "said"),
    [
        ([], "kubectl -n support get secret x", "not found"),
        ([], "kubectl -n nowhere create configmap x --from-file=README.md", "namespaces"),
        ([], "kubectl apply -f generated/kubernetes/service-monitor.yaml", "no matches for kind"),
        (["kubectl create namespace a"], "kubectl create namespace a", "already exists"),
        ([], "helm upgrade a prometheus-community/kube-prometheus-stack --install", "not found"),
        ([], "docker push registry.example.com/slobook:0.1.0", "does not exist locally"),
        ([], "docker compose -f nowhere.yaml up", "no such file"),
    ],
)
def test_the_stand_ins_refuse_what_a_cluster_would(before, command, said, tmp_path):
    memory = tmp_path / "cluster.json"
    for one in before:
        name, *words = one.split()
        carried_out(memory, name, words)
    name, *words = command.split()
    with pytest.raises(Refusal, match=said):
        carried_out(memory, name, words)


def test_a_large_object_is_applied_server_side_only(tmp_path):
    memory = tmp_path / "cluster.json"
    large = tmp_path / "rules.yaml"
    body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules}\ndata:\n  a: " + "x" * 300_000
    large.write_text(body)
    with pytest.raises(Refusal, match="annotations: Too long"):
        carried_out(memory, "kubectl", ["apply", "-f", str(large)])
    carried_out(memory, "kubectl", ["apply", "--server-side", "-f", str(large)])
    assert carried_out(memory, "kubectl", ["get", "configmap", "rules"])
