"""JupyterLab on a project, until somebody ends it.

It listens on the loopback unless told, asks for a token that is new at every start, and starts
this Python as its only kernel: one that a user installed under the name ``python3`` may be another.
"""

from __future__ import annotations

import os
import secrets
import signal
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from socket import SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, getaddrinfo, socket
from typing import TYPE_CHECKING, Any

from jupyterlab.labapp import LabApp

from slo.errors import ConfigError, RunError
from slo.lab.frame import ADDRESS, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from slo.lab.workspace import Workspace

LABEXTENSIONS = Path(__file__).resolve().parent / "labextensions"


@dataclass(frozen=True)
class Listening:
    """Where JupyterLab answers, and whether it opens there.

    Attributes:
        host: A name or an address of this machine.
        port: The first to try; the next free one is taken. 0 for any.
        browser: Whether to open a browser.

    """

    host: str = "127.0.0.1"
    port: int = 8888
    browser: bool = True

    @property
    def is_private(self) -> bool:
        """Whether only this machine is answered."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def serve(workspace: Workspace, listening: Listening, ready: Callable[[str], None]) -> None:
    """Run JupyterLab until SIGINT or SIGTERM; kernels end with it.

    Args:
        workspace: What it opens with; prepared.
        listening: Where it answers.
        ready: Called with the address, token included, when it answers.

    Raises:
        ConfigError: Something else listens on the port, or the host is none of this machine.
        RunError: JupyterLab did not start; its own words stand before.

    """
    _refuse_taken(listening)
    # Kernels inherit them.
    os.environ[ROOT] = str(workspace.root)
    token = secrets.token_hex(24)
    try:
        server = LabApp.initialize_server(argv=_arguments(workspace, listening, token))
        os.environ[ADDRESS] = f"{server.base_url}files/"
        place = server.local_url if listening.is_private else server.public_url
        address = f"{place.partition('?')[0]}?token={token}"
        server.io_loop.add_callback(ready, address)
        _end_by_signals(server)
        server.start()
    except SystemExit as error:
        if error.code:
            raise RunError("JupyterLab", f"it ended with exit code {error.code}") from None


def _end_by_signals(server: Any) -> None:  # noqa: ANN401  jupyter_server has no types for it
    """End kernels and server at the first signal, without a question, and at once at the second.

    JupyterLab itself asks, or where nobody sits at a terminal leaves its kernels behind.
    """

    def end(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        server.stop(from_signal=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _refuse_taken(listening: Listening) -> None:
    """JupyterLab would say so, and end, in words of its own."""
    port = 0 if listening.port == Listening.port else listening.port
    try:
        (family, kind, *_, address) = getaddrinfo(listening.host, port, type=SOCK_STREAM)[0]
        with socket(family, kind) as tried:
            tried.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        place = f"{listening.host}:{listening.port}"
        raise ConfigError(
            f"JupyterLab cannot listen on {place}: {error.strerror or error}; --port 0 takes any "
            "that is free"
        ) from None


def _arguments(workspace: Workspace, listening: Listening, token: str) -> list[str]:
    """What outranks people's configuration of Jupyter, and what only we know."""
    settings = {
        "ServerApp.ip": listening.host,
        "ServerApp.port": listening.port,
        "ServerApp.port_retries": 50 if listening.port == Listening.port else 0,
        "ServerApp.open_browser": listening.browser,
        "ServerApp.root_dir": workspace.root,
        "ServerApp.preferred_dir": workspace.root,
        # The token travels through no argument that other users of the machine see.
        "IdentityProvider.token": token,
        "PasswordIdentityProvider.hashed_password": "",
        "ServerApp.allow_remote_access": not listening.is_private,
        "ServerApp.disable_check_xsrf": False,
        "ServerApp.allow_origin": "",
        # As every verb of ours: it does what whoever called it may do.
        "ServerApp.allow_root": True,
        "ServerApp.log_level": 40,
        "LabApp.log_level": 40,
        # It would start npm, only to look for language servers.
        "LanguageServerManager.autodetect": False,
        "LabApp.app_settings_dir": workspace.settings,
        "LabApp.workspaces_dir": workspace.layouts,
        "LabApp.extra_labextensions_path": LABEXTENSIONS,
        "LabApp.extension_manager": "readonly",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": "None",
        "ServerApp.kernel_spec_manager_class": "slo.lab.kernel.ThisInterpreter",
        "KernelSpecManager.ensure_native_kernel": True,
        "KernelManager.transport_encryption": "auto",
        "MultiKernelManager.default_kernel_name": "python3",
    }
    return [f"--{name}={value}" for name, value in settings.items()]
