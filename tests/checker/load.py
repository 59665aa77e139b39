"""A run from its folder: JSON lines, one file an input, so that any tool can write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

from records import Charge, Operation, Place, Record, Run, record_from_line

LOG = "log.jsonl"
SCHEMAS = "schemas.json"
OFFSETS = "offsets.json"
HISTORY = "history.jsonl"
AUDITS = "audits.jsonl"
REDIS = "redis.json"
POSTGRES = "postgres.json"
PAYMENTS = "payments.jsonl"
TIMELINE = "timeline.jsonl"
EXITS = "exits.jsonl"
SETTINGS = "run.json"


class BadInput(Exception):
    """A file that is there and cannot be read: the checker must not guess."""


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except ValueError as error:
                raise BadInput(f"{path.name}:{number}: {error}") from error


def _optional_lines(path: Path) -> Optional[list[dict[str, Any]]]:
    return list(_lines(path)) if path.exists() else None


def _optional_json(path: Path) -> Any:
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput(f"{path.name}: {error}") from error


def operation_from_line(line: dict[str, Any]) -> Operation:
    return Operation(
        op=line["op"],
        outcome=line["outcome"],
        key=line["key"],
        process=str(line.get("process", "")),
        invoked_ms=line["invoked_ms"],
        returned_ms=line["returned_ms"],
        invoked_at=line["invoked_at"],
        returned_at=line["returned_at"],
        status=line.get("status"),
        body=line.get("body") or {},
        answer=line.get("answer") or {},
    )


def charge_from_line(line: dict[str, Any]) -> Charge:
    """A line of the payment simulator's journal."""
    return Charge(op=line["op"], key=line["key"], amount=line.get("amount"), line=line)


def _numbered(partitions: dict[str, Any]) -> dict[int, Any]:
    return {int(partition): value for partition, value in partitions.items()}


def read_log(folder: Path) -> list[Record]:
    """One record once, also when two dumps that overlap were put together."""
    if not (folder / LOG).exists():
        return []
    by_place: dict[Place, Record] = {}
    for line in _lines(folder / LOG):
        try:
            record = record_from_line(line)
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"{LOG}: a record lacks or misuses {error}") from error
        by_place[record.place] = record
    return list(by_place.values())


def load(folder: Path) -> Run:
    """Raises BadInput when a file that is there cannot be read."""
    offsets = _optional_json(folder / OFFSETS) or {}
    ranges = {
        topic: {partition: (bounds[0], bounds[1]) for partition, bounds in _numbered(partitions).items()}
        for topic, partitions in offsets.get("ranges", {}).items()
    }
    committed = {
        group: {topic: _numbered(partitions) for topic, partitions in topics.items()}
        for group, topics in offsets.get("committed", {}).items()
    }
    history = _optional_lines(folder / HISTORY)
    payments = _optional_lines(folder / PAYMENTS)
    schemas = _optional_json(folder / SCHEMAS) or {}
    try:
        return Run(
            records=read_log(folder),
            schemas={int(schema_id): text for schema_id, text in schemas.items()},
            ranges=ranges or None,
            committed=committed or None,
            operations=None if history is None else [operation_from_line(line) for line in history],
            audits=_optional_lines(folder / AUDITS),
            redis=_optional_json(folder / REDIS),
            postgres=_optional_json(folder / POSTGRES),
            charges=None if payments is None else [charge_from_line(line) for line in payments],
            timeline=_optional_lines(folder / TIMELINE) or [],
            exits=_optional_lines(folder / EXITS),
            settings=_optional_json(folder / SETTINGS) or {},
        )
    except (KeyError, TypeError) as error:
        raise BadInput(f"a line lacks or misuses {error}") from error
