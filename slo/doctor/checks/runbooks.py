"""``runbooks``: is there a page behind every alert's runbook link?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from slo.counting import counted, out_of
from slo.doctor.finding import Finding, attention, broken, fine, first_of, not_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

NAME = "runbooks"
_ANCHOR = "runbooks"
_SECONDS = 10.0
_AT_ONCE = 8
_WITHOUT_HEAD = (403, 405, 501)
_SIGN_IN = (401, 403)
_LEAST_FAILURE = 400
_WRITE = "slo runbooks FOLDER writes a skeleton for each that is missing; publish that folder"

Way = Literal["there", "missing", "hidden"]


@dataclass(frozen=True)
class Looked:
    """What came of looking for a runbook.

    Attributes:
        way: There, missing, or behind a sign-in, so that nobody can tell.
        why: What was seen.
        file: Where it is written in the project, whether an address leads to it or not.

    """

    way: Way
    why: str = ""
    file: Path | None = None


def runbooks(
    named: Mapping[str, Sequence[str]],
    without: Sequence[str],
    look: Callable[[str], Looked],
) -> Finding:
    """A page behind every link, or a file of every name.

    Args:
        named: Runbooks as alerts link to them, each with the alerts that do.
        without: Alerts that have none, of those that call somebody.
        look: Looks for one; several at once are.

    """
    if not named and not without:
        return not_checked(NAME, "the specifications have no alerts")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        seen = dict(zip(named, pool.map(look, named), strict=True))
    missing = {name: one for name, one in seen.items() if one.way == "missing"}
    hidden = [f"{name}: {found.why}" for name, found in seen.items() if found.way == "hidden"]
    if missing:
        details = [
            f"{name}: {one.why}, linked by {', '.join(first_of(named[name], 3))}"
            for name, one in missing.items()
        ]
        how_many = out_of(len(missing), len(named), "runbook", "runbooks")
        folders = dict.fromkeys(str(one.file.parent) for one in missing.values() if one.file)
        if all(one.file for one in missing.values()):
            found = f"{how_many} not at the address that alerts link to; the files are there"
            to_do = f"publish {' and '.join(folders)}, or correct [links] runbooks in slobook.toml"
            return broken(NAME, found, to_do, _ANCHOR, first_of(details))
        return broken(NAME, f"{how_many} not there", _WRITE, _ANCHOR, first_of(details))
    if without:
        found = f"not every alert that calls somebody has a runbook: {len(without)} lack one"
        to_do = "name one: slobook/runbook on an objective, runbook on an alert; then slo runbooks"
        return attention(NAME, found, to_do, _ANCHOR, first_of(without))
    there = [one for one in seen.values() if one.way == "there"]
    are = counted(len(there), "runbook is", "runbooks are")
    remarks = []
    if any(one.file for one in there):
        remarks.append("as files that alerts name; [links] runbooks would make them links")
    if hidden:
        stand = counted(len(hidden), "stands", "stand")
        remarks.append(f"{stand} behind a sign-in, and cannot be seen from here")
    return fine(NAME, "; ".join([f"{are} there", *remarks]), first_of(hidden))


def look_at(name: str, folders: Sequence[Path], base: str = "") -> Looked:
    """Look for a runbook: at its address, or as a file in one of the folders.

    Args:
        name: As alerts have it.
        folders: Where files may lie.
        base: The address that files are published below; empty where none is known.

    """
    if "://" not in name:
        return _written(name, folders)
    looked = _fetched(name)
    below = f"{base.rstrip('/')}/"
    if looked.way != "missing" or not base or not name.startswith(below):
        return looked
    return replace(looked, file=_written(name.removeprefix(below), folders).file)


def _written(name: str, folders: Sequence[Path]) -> Looked:
    found = [folder / name for folder in folders if (folder / name).is_file()]
    if not found:
        return Looked("missing", "no such file, and links.runbooks names no address")
    if "TODO:" in found[0].read_text(encoding="utf-8", errors="replace"):
        return Looked("missing", "a skeleton whose TODOs nobody has answered")
    return Looked("there", file=found[0])


def _fetched(address: str) -> Looked:
    import requests  # noqa: PLC0415  only where one is asked

    try:
        answer = requests.head(address, timeout=_SECONDS, allow_redirects=True)
        if answer.status_code in _WITHOUT_HEAD:
            with requests.get(address, timeout=_SECONDS, stream=True) as answer:
                return _judged(address, answer.url, answer.status_code)
    except requests.Timeout:
        return Looked("missing", f"no answer within {_SECONDS:g} s")
    except requests.RequestException as error:
        return Looked("missing", f"it cannot be reached ({type(error).__name__})")
    return _judged(address, answer.url, answer.status_code)


def _judged(address: str, reached: str, status: int) -> Looked:
    if status in _SIGN_IN:
        return Looked("hidden", f"HTTP {status}")
    if status >= _LEAST_FAILURE:
        return Looked("missing", f"HTTP {status}")
    if urlsplit(reached).hostname != urlsplit(address).hostname:
        return Looked("hidden", f"it leads to {urlsplit(reached).hostname}")
    return Looked("there")
