"""The gateway's book in a directory: JSON files that people can read, written whole or not at all.

``services.json``, ``stages/{service}/{stage}.json``, ``snapshots/{service}/{digest}.json``, and what would be
given to API Gateway in ``apis/{service}/{stage}.json``. The default stage's file is ``default.json``.
"""

from __future__ import annotations

import fcntl
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from cce.atomic import replace_file
from cce.errors import StoreError
from cce.gateway.compiler.model import stage_name
from cce.gateway.records import ServiceRecord, StageRecord
from cce.gateway.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cce.gateway.compiler import Compiled

Held = TypeVar("Held")

_SERVICES: Final = TypeAdapter(list[ServiceRecord])
_STAGE: Final = TypeAdapter(StageRecord)
_SNAPSHOT: Final = TypeAdapter(Snapshot)


class DirectoryBook:
    """See :class:`cce.gateway.records.Book`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def services(self) -> Sequence[ServiceRecord]:
        """Every service, by name."""
        found = _held(self._folder / "services.json", _SERVICES) or []
        return sorted(found, key=lambda record: record.name)

    def put_service(self, record: ServiceRecord) -> bool:
        """Note a service, or the API of one that is known; ``False`` if the name belongs to another id."""
        with self._locked():
            others = [each for each in self.services() if each.id != record.id]
            if any(each.name == record.name for each in others):
                return False
            listed = [each.model_dump(mode="json") for each in (*others, record)]
            _write(self._folder / "services.json", json.dumps(listed, ensure_ascii=False, indent=1))
            return True

    def stages(self, service: str) -> Sequence[StageRecord]:
        """The stages of a service, by name."""
        files = sorted((self._folder / "stages" / service).glob("*.json"))
        found = [record for file in files if (record := _held(file, _STAGE))]
        return sorted(found, key=lambda record: record.stage)

    def stage(self, service: str, stage: str) -> StageRecord | None:
        """One stage."""
        return _held(self._file("stages", service, stage), _STAGE)

    def put_stage(self, record: StageRecord) -> bool:
        """Write a record whose version follows the one that is there."""
        with self._locked():
            there = self.stage(record.service, record.stage)
            if record.version != (there.version if there else 0) + 1:
                return False
            _write(self._file("stages", record.service, record.stage), record.model_dump_json(indent=1))
            return True

    def delete_stage(self, service: str, stage: str) -> None:
        """Forget a stage."""
        with self._locked():
            self._file("stages", service, stage).unlink(missing_ok=True)

    def keep(self, snapshot: Snapshot) -> None:
        """Store a snapshot."""
        _write(self._folder / "snapshots" / snapshot.service / f"{snapshot.digest}.json", snapshot.text())

    def snapshot(self, service: str, digest: str) -> Snapshot | None:
        """A stored snapshot."""
        return _held(self._folder / "snapshots" / service / f"{digest}.json", _SNAPSHOT)

    def _file(self, kind: str, service: str, stage: str) -> Path:
        return self._folder / kind / service / f"{stage_name(stage)}.json"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time."""
        with _as_store_error(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield


class DirectoryApis:
    """Writes what API Gateway would be given; see :class:`cce.gateway.deploying.Apis`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, service: ServiceRecord) -> str:
        """Nothing is made; the service's id stands for the API's."""
        return service.id

    def deploy(self, api: str, stage: str, compiled: Compiled, snapshot: str, description: str) -> None:  # noqa: ARG002 - the port's
        """Write the document."""
        _write(self._folder / "apis" / api / f"{stage}.json", compiled.text() + "\n")

    def delete_stage(self, api: str, stage: str) -> None:
        """Remove the document."""
        (self._folder / "apis" / api / f"{stage}.json").unlink(missing_ok=True)


@contextmanager
def _as_store_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"the book's {path}: {error.strerror or error}; name a directory that can be written to"
        raise StoreError(message) from error


def _read(path: Path) -> str | None:
    with _as_store_error(path):
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None


def _held(path: Path, form: TypeAdapter[Held]) -> Held | None:
    """What a file of the book holds; ``None`` where there is no file."""
    text = _read(path)
    try:
        return None if text is None else form.validate_json(text)
    except ValidationError as error:
        message = (
            f"the book's {path} is damaged: {error.errors()[0]['msg']}; restore it, or begin another book"
        )
        raise StoreError(message) from error


def _write(path: Path, text: str) -> None:
    with _as_store_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode(), 0o600)
