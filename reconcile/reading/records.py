"""What a run leaves behind, as the checker reads it: records of the log, operations of clients, and the rest."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any, Optional

REQUESTS = "order-requests"
OUTCOMES = "order-outcomes"
ADJUSTMENTS = "stock-adjustments"
EPOCHS = "saga-epochs"
RETRIES = "payment-retries"
LETTERS = "order-dlq"
TOPICS = (REQUESTS, OUTCOMES, ADJUSTMENTS, EPOCHS, RETRIES, LETTERS)

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Record:
    topic: str
    partition: int
    offset: int
    at: int
    """The broker's append time, milliseconds since 1970."""
    key: Optional[bytes]
    value: Optional[bytes]
    headers: dict[str, bytes]

    @property
    def place(self) -> Place:
        return (self.topic, self.partition, self.offset)

    @property
    def key_text(self) -> Optional[str]:
        if self.key is None:
            return None
        try:
            return self.key.decode("utf-8")
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True)
class Event:
    """A record that is an event of its topic: decoded, each field trusted."""

    record: Record
    kind: str
    fields: dict[str, Any]

    @property
    def key(self) -> str:
        return self.fields.get("request_id", "")

    @property
    def place(self) -> Place:
        return self.record.place


@dataclass(frozen=True)
class Poison:
    """A record that no reader can use, and the stable code for why."""

    record: Record
    reason: str
    detail: str


@dataclass(frozen=True)
class Operation:
    """One call of a client: `ok` took effect, `fail` certainly did not, `info` nobody knows."""

    op: str
    outcome: str
    key: str
    process: str
    invoked_ms: float
    """Monotonic, of the one process that drives all clients."""
    returned_ms: float
    invoked_at: int
    returned_at: int
    status: Optional[int]
    body: dict[str, Any]
    answer: dict[str, Any]


@dataclass(frozen=True)
class Charge:
    """One line of the payment provider's own journal: what happened to money, in its order."""

    op: str
    """`charged`, `declined` or `cancelled`."""
    key: str
    """`<order key>:<epoch>`."""
    amount: Optional[int]
    line: dict[str, Any]

    @property
    def order_key(self) -> str:
        return self.line.get("requestId") or self.key.rsplit(":", 1)[0]


@dataclass
class Run:
    """Everything known of a run. What was not collected is None, and the checks that need it say so."""

    records: list[Record]
    schemas: dict[int, Optional[str]]
    """Writers' schemas by id; None: the registry says there is none."""
    ranges: Optional[dict[str, dict[int, tuple[int, int]]]] = None
    """By topic and partition: the first offset, and the one that the next record will get."""
    committed: Optional[dict[str, dict[str, dict[int, int]]]] = None
    """By group, topic and partition."""
    operations: Optional[list[Operation]] = None
    audits: Optional[list[dict[str, Any]]] = None
    redis: Optional[dict[str, Any]] = None
    postgres: Optional[dict[str, list[dict[str, Any]]]] = None
    charges: Optional[list[Charge]] = None
    timeline: list[dict[str, Any]] = field(default_factory=list)
    exits: Optional[list[dict[str, Any]]] = None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def sale_id(self) -> str:
        return self.settings.get("sale_id", "sale")

    @property
    def at_rest(self) -> bool:
        """Whether clients had stopped and everything was given the time to settle before anything was read."""
        return bool(self.settings.get("at_rest", False))

    @property
    def had_faults(self) -> bool:
        return any(line.get("event") == "fault" for line in self.timeline)

    @property
    def was_disturbed(self) -> bool:
        """Whether anything happened that lets a correct system write copies: a fault, a client without an answer, a
        process that ended. A machine that is too slow shows as the second."""
        unanswered = any(one.outcome == "info" for one in self.operations or ())
        ended = any(not line.get("planned", False) for line in self.exits or ())
        return self.had_faults or unanswered or ended

    @property
    def settled_before(self) -> float:
        """Append time up to which every request must have its outcome."""
        if self.at_rest:
            return float("inf")
        newest = max((record.at for record in self.records), default=0)
        return self.settings.get("collected_at", newest) - self.settings.get("settle_ms", 60_000)


def _unpack(text: Optional[str]) -> Optional[bytes]:
    return None if text is None else base64.b64decode(text)


def _pack(raw: Optional[bytes]) -> Optional[str]:
    return None if raw is None else base64.b64encode(raw).decode("ascii")


def record_from_line(line: dict[str, Any]) -> Record:
    headers = {name: base64.b64decode(value) for name, value in line.get("headers", {}).items()}
    return Record(
        line["topic"],
        line["partition"],
        line["offset"],
        line["at"],
        _unpack(line["key"]),
        _unpack(line["value"]),
        headers,
    )


def record_to_line(record: Record) -> dict[str, Any]:
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "at": record.at,
        "key": _pack(record.key),
        "value": _pack(record.value),
        "headers": {name: _pack(value) for name, value in record.headers.items()},
    }


def show_place(place: Place) -> str:
    return ":".join(str(part) for part in place)
