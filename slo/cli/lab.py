"""``slo lab``: JupyterLab as a workbench."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slo.cli.options import ConfigOption
from slo.cli.printing import say

if TYPE_CHECKING:
    from slo.lab.notebooks import Provided
    from slo.project import Project


def lab(
    config: ConfigOption = Path("slobook.toml"),
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser, or print the address.")
    ] = True,
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, help="Where to listen; 8888 or the next free one if not told."
        ),
    ] = 8888,
    host: Annotated[
        str, typer.Option(help="Whom to answer: this machine alone, unless told.")
    ] = "127.0.0.1",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Lay windows out anew; notebooks stay as they are.")
    ] = False,
) -> None:
    """Open JupyterLab on the project, with its notebooks in the order of the work.

    A project without notebooks gets copies of slobook's. What you change in them stays: a newer
    text of ours is put beside yours. JupyterLab ends with Ctrl-C.

    Example: slo lab --no-browser --port 0
    """
    from slo.project import open_project

    # Before JupyterLab is loaded, which takes seconds: a mistake is answered at once.
    project = open_project(config)
    from slo.lab.server import Listening, serve
    from slo.lab.workspace import prepare
    from slo.project.workbench import provided_notebooks, workspace_of

    listening = Listening(host, port, browser)
    _say_provided(project, provided_notebooks(project))
    workspace = workspace_of(project)
    prepare(workspace, fresh=fresh)
    if not listening.is_private:
        say(
            f"--host {host}: whoever reaches this machine reaches JupyterLab, over plain HTTP; "
            "only the token in the address keeps them out.",
            err=True,
        )
    say("Starting JupyterLab ...")
    serve(workspace, listening, _say_ready)
    say("JupyterLab and its kernels have ended.")


def _say_ready(address: str) -> None:
    say(f"Open {address}")
    say("Ctrl-C ends it.")


def _say_provided(project: Project, provided: Provided) -> None:
    where = project.configuration.project.notebooks
    if provided.made:
        say(f"Made in {where}: {', '.join(provided.made)}")
    if provided.renewed:
        names = ", ".join(provided.renewed)
        say(f"Nobody had changed these; they are slobook's newer text now: {names}")
    for name in provided.offered:
        yours = f"{name.partition('.new')[0]}.ipynb"
        say(
            f"{where / yours} is yours and stays; slobook's newer text of it lies beside, as {name}"
        )
