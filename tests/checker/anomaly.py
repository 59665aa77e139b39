"""What the checker can find, by name, each with the fewest records that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Union

from records import Charge, Event, Operation, Poison, Record, show_place

NAMES: dict[str, str] = {
    "lost-write": "an order was acknowledged and is not in the log, or not where the answer said",
    "aborted-read": "something that was refused is in the log",
    "phantom": "something is in the log that nobody sent",
    "corrupt": "the log holds other content than what was sent or decided",
    "unresolved": "a request has no valid outcome",
    "terminal-conflict": "two valid outcomes of one order disagree",
    "duplicate": "more copies than faults explain, or copies that differ",
    "oversell": "more units are sold than there were",
    "undersell": "an order was refused as sold out while units were certainly there",
    "stock-leak": "units are neither available nor reserved nor sold, or stay reserved for nobody",
    "over-limit": "a buyer has more units than the item's limit allows",
    "sold-off-sale": "an order was sold that came when its item was not on sale",
    "refused-on-sale": "an order was refused as off sale that came while its item was on sale",
    "double-charge": "an order was charged more than once, net of what was given back",
    "charged-failed": "a refused order was charged and nothing was given back",
    "refunded-completed": "a completed order has no net charge",
    "fence-missing": "an outcome carries an epoch that was not announced before it in its partition",
    "void-unresolved": "an outcome was made void by a fence and no valid one followed",
    "projection-divergence": "PostgreSQL differs from a fold of the log up to its own offsets",
    "redis-divergence": "Redis differs from a fold of the log",
    "poll-skip": "a reader went past a record without handling it, or an offset is missing",
    "nonmonotonic-read": "a reader saw an order go back",
    "phantom-read": "a reader saw what the log does not say",
    "dlq-missing": "a record that cannot be processed has no dead letter",
    "dlq-wrong": "a dead letter that should not be, or does not hold the original",
    "stuck-projection": "the log is at rest and PostgreSQL has not folded all of it",
    "slow-recovery": "it took longer than the scenario's bound",
    "unexpected-exit": "a process ended that nobody ended",
}

Evidence = Union[Record, Event, Poison, Operation, Charge, dict[str, Any]]


@dataclass
class Anomaly:
    name: str
    summary: str
    evidence: Sequence[Evidence] = ()

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ValueError(f"{self.name} is no anomaly")


def _text(raw: Any) -> Any:
    if isinstance(raw, bytes):
        return raw[:200].decode("utf-8", "backslashreplace")
    return raw


def _show_record(record: Record) -> dict[str, Any]:
    headers = {name: _text(value) for name, value in record.headers.items()}
    return {
        "at": record.at,
        "place": show_place(record.place),
        "key": _text(record.key),
        "bytes": None if record.value is None else record.value[:100].hex(),
        "headers": headers,
    }


def show(evidence: Evidence) -> dict[str, Any]:
    """One piece of evidence as plain data."""
    if isinstance(evidence, Record):
        return {"what": "record", **_show_record(evidence)}
    if isinstance(evidence, Event):
        place = show_place(evidence.place)
        return {"what": evidence.kind, "at": evidence.record.at, "place": place, **evidence.fields}
    if isinstance(evidence, Poison):
        return {
            "what": "poison",
            "reason": evidence.reason,
            "detail": evidence.detail,
            **_show_record(evidence.record),
        }
    if isinstance(evidence, Operation):
        return {
            "what": f"client {evidence.op}",
            "outcome": evidence.outcome,
            "status": evidence.status,
            "key": evidence.key,
            "process": evidence.process,
            "invoked_at": evidence.invoked_at,
            "returned_at": evidence.returned_at,
            "body": evidence.body,
            "answer": evidence.answer,
        }
    if isinstance(evidence, Charge):
        return {"what": f"payment {evidence.op}", **evidence.line}
    return evidence
