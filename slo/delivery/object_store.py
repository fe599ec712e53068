"""A store that fsspec knows: S3, Google Cloud Storage, Azure, SFTP and others.

A store renames nothing, so there the order makes a report appear as a whole: what pages ask for
first, pages last, the index at the end.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from slo.credential import credential
from slo.delivery.library import files_of, shared_files
from slo.errors import DeliveryError
from slo.report.kinds import KINDS, RESULT
from slo.report.pages.index import INDEX, write_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsspec import AbstractFileSystem

    from slo.delivery.delivery import Sending

_LASTING = (PermissionError, FileNotFoundError, NotADirectoryError, ValueError, TypeError)
"""What trying again does not help against."""


@dataclass(frozen=True)
class Store:
    """An opened store.

    Attributes:
        files: How it is read and written.
        root: The place in it that services' folders are put into, without a slash at the end.

    """

    files: AbstractFileSystem
    root: str

    def put(self, source: Path, place: PurePosixPath) -> None:
        """Upload a file, in place of what is there."""
        # Stores without folders take this for nothing to do.
        self.files.makedirs(self._path(place.parent), exist_ok=True)
        self.files.put_file(str(source), self._path(place))

    def content(self, place: PurePosixPath) -> bytes:
        """What a file holds."""
        return bytes(self.files.cat_file(self._path(place)))

    def remove(self, place: PurePosixPath) -> None:
        """Take a file away."""
        self.files.rm_file(self._path(place))

    def places(self) -> set[PurePosixPath]:
        """Every file that lies there."""
        try:
            found = self.files.find(self.root)
        except FileNotFoundError:
            return set()
        # Some stores begin paths with a slash that others leave out.
        top = self.root.strip("/")
        inside = (path.strip("/").removeprefix(top).strip("/") for path in found)
        return {PurePosixPath(path) for path in inside}

    def _path(self, place: PurePosixPath) -> str:
        return f"{self.root}/{place}"


@dataclass(frozen=True)
class ObjectStore:
    """A place in a store, with an index of what lies there.

    Attributes:
        url: What services' folders are put behind, such as ``s3://bucket/reports``.
        option_envs: Names of the store's options, each with the variable that holds its value.

    """

    url: str
    option_envs: tuple[tuple[str, str], ...] = ()

    def send(self, sending: Sending) -> str:
        """Upload the report, in place of the one before."""
        parcel = sending.parcel
        with self._opened() as store:
            there = store.places()
            for file in shared_files(parcel.reports):
                if PurePosixPath(file.name) not in there:
                    store.put(file, PurePosixPath(file.name))
            wanted = [(parcel.folder / one, parcel.place / one) for one in files_of(parcel.folder)]
            for source, place in wanted:
                store.put(source, place)
            kept = {place for _, place in wanted}
            stale = {one for one in there if parcel.place in one.parents} - kept
            for place in sorted(stale):
                store.remove(place)
            _put_index(store, (there | kept) - stale, parcel.reports)
        return f"uploaded to {self.url.rstrip('/')}/{parcel.place}"

    def test(self, words: str) -> str:
        """Upload a file, read it, and take it away again."""
        place = PurePosixPath("slobook-test.txt")
        with self._opened() as store, tempfile.TemporaryDirectory() as folder:
            file = Path(folder, place)
            file.write_text(f"{words}\n", encoding="utf-8")
            store.put(file, place)
            same = store.content(place) == file.read_bytes()
            store.remove(place)
        if not same:
            raise DeliveryError(f"{self.url} gives back something else than it was given")
        return f"wrote a file below {self.url}, and removed it"

    @contextmanager
    def _opened(self) -> Iterator[Store]:
        """The store; whatever its library raises is told as a delivery's failure."""
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415  an optional extra
        except ModuleNotFoundError:
            raise DeliveryError(
                "this needs fsspec, which is not installed; it comes with the extra 'delivery': "
                "pip install 'slobook[delivery]'"
            ) from None
        options: dict[str, Any] = {name: credential(held) for name, held in self.option_envs}
        try:
            # Nothing of it stays in memory: it knows credentials.
            files, root = url_to_fs(self.url, skip_instance_cache=True, **options)
            yield Store(files, root.rstrip("/"))
        except DeliveryError:
            raise
        except ImportError as error:
            scheme = self.url.partition("://")[0]
            raise DeliveryError(
                f"{scheme}:// needs a library that is not installed: {error.msg}"
            ) from None
        except Exception as error:  # noqa: BLE001  stores raise what their clients raise
            raise DeliveryError(
                f"{self.url}: {type(error).__name__}: {error}",
                again=not isinstance(error, _LASTING),
            ) from None


def _put_index(store: Store, there: set[PurePosixPath], reports: Path) -> None:
    """Upload an index of what lies in the store, also of reports that lie nowhere else any more."""
    with tempfile.TemporaryDirectory() as folder:
        mirror = Path(folder)
        for page in _pages(there):
            result = page.with_name(RESULT)
            (mirror / page).parent.mkdir(parents=True, exist_ok=True)
            for beside in (one for one in there if one.parent == page.parent):
                (mirror / beside).touch()
            here = reports / result
            content = here.read_bytes() if here.is_file() else store.content(result)
            (mirror / result).write_bytes(content)
        write_index(mirror)
        store.put(mirror / INDEX, PurePosixPath(INDEX))


def _pages(there: set[PurePosixPath]) -> list[PurePosixPath]:
    """Pages of reports that lie there with their numbers."""
    names = {kind.page for kind in KINDS}
    return sorted(one for one in there if one.name in names and one.with_name(RESULT) in there)
