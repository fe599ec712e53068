"""A folder: on this machine, mounted on it, or served by a web server."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slo.atomic import replacing
from slo.delivery.library import shared_files
from slo.errors import DeliveryError, SloError, UnderWay
from slo.report.pages.index import write_index
from slo.report.runs.publishing import publishing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slo.delivery.delivery import Sending


@dataclass(frozen=True)
class Folder:
    """A folder of reports, with an index of what lies there.

    Attributes:
        path: It; made where it is missing.

    """

    path: Path

    def send(self, sending: Sending) -> str:
        """Put the report there as a whole, in place of the one before."""
        parcel = sending.parcel
        self._refuse_own(parcel.reports)
        target = self.path / parcel.place
        with self._told():
            self.path.mkdir(parents=True, exist_ok=True)
            for file in shared_files(parcel.reports):
                _copied(file, self.path / file.name)
            with publishing(target) as staging:
                shutil.copytree(parcel.folder, staging, dirs_exist_ok=True)
            write_index(self.path)
        return f"copied to {target}"

    def test(self, words: str) -> str:
        """Write a file, and take it away again."""
        with self._told():
            self.path.mkdir(parents=True, exist_ok=True)
            file = self.path / f".slobook-test-{os.getpid()}.txt"
            file.write_text(f"{words}\n", encoding="utf-8")
            file.unlink()
        return f"wrote a file into {self.path}, and removed it"

    def _refuse_own(self, reports: Path) -> None:
        here, there = reports.resolve(), self.path.resolve()
        if here == there or here in there.parents or there in here.parents:
            raise DeliveryError(
                f"{self.path} holds the folder of reports or lies in it; name another"
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except UnderWay as error:
            raise DeliveryError(f"{self.path}: {error}", again=True) from None
        except SloError as error:
            raise DeliveryError(str(error)) from None
        except OSError as error:
            raise DeliveryError(
                f"{self.path} cannot be written: {error.strerror or error}"
            ) from None


def _copied(source: Path, target: Path) -> None:
    """Copy a file that never changes, unless it is there."""
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return
    with replacing(target) as file:
        shutil.copyfile(source, file)
