"""Whether readers saw orders go only forward, and only what the log says: invariant I8."""

from __future__ import annotations

from typing import Any, Optional

from anomaly import Anomaly
from facts import Facts
from fold import Order
from records import Event, Operation

SHOWN = ("user_id", "item_id", "amount")


def _rank(read: Operation) -> int:
    """How far a read saw the order: not found, pending, decided."""
    if read.status == 404:
        return 0
    return 1 if read.answer.get("status") == "PENDING" else 2


def _answered(reads: list[Operation]) -> list[Operation]:
    return sorted((read for read in reads if read.status in (200, 404)), key=lambda read: read.invoked_ms)


def _went_back(key: str, reads: list[Operation], buys: list[Operation]) -> list[Anomaly]:
    """Compares each read with the furthest one that had returned before it began: only those are ordered in time."""
    accepted = min(
        (buy for buy in buys if buy.outcome == "ok"), key=lambda buy: buy.returned_ms, default=None
    )
    returned = sorted(reads, key=lambda read: read.returned_ms)
    furthest: Optional[Operation] = None
    at = 0
    found: list[Anomaly] = []
    for read in reads:
        while at < len(returned) and returned[at].returned_ms <= read.invoked_ms:
            if furthest is None or _rank(returned[at]) > _rank(furthest):
                furthest = returned[at]
            at += 1
        if furthest is not None and _rank(read) < _rank(furthest):
            found.append(
                Anomaly("nonmonotonic-read", f"order {key} went back for a reader", [furthest, read])
            )
        elif read.status == 404 and accepted and accepted.returned_ms <= read.invoked_ms:
            summary = f"order {key} was accepted and then not found"
            found.append(Anomaly("nonmonotonic-read", summary, [accepted, read]))
    decided = [read for read in reads if _rank(read) == 2]
    other = [read for read in decided if read.answer.get("status") != decided[0].answer.get("status")]
    if other:
        found.append(
            Anomaly("nonmonotonic-read", f"readers saw two ends of order {key}", [decided[0], other[0]])
        )
    return found[:1]


def reads_go_forward(facts: Facts) -> list[Anomaly]:
    facts.require_history()
    return [
        anomaly
        for key, reads in facts.reads.items()
        for anomaly in _went_back(key, _answered(reads), facts.buys.get(key, []))
    ]


def _differing_members(request: Event, answer: dict[str, Any]) -> list[str]:
    return [
        member
        for member in SHOWN
        if answer.get(member) is not None and answer[member] != request.fields[member]
    ]


def _differs(order: Optional[Order], answer: dict[str, Any]) -> Optional[str]:
    if order is None or (order.first is None and not order.outcomes):
        return "is not in the log"
    if answer.get("status") != "PENDING" and answer.get("status") != order.status:
        return f"is {order.status} in the log"
    # While Redis is away two contradicting copies may both be accepted, and until the log is folded a reader may be
    # shown either as pending. Once it is folded, only the first counts.
    pending = answer.get("status") == "PENDING"
    asked = order.requests if pending else order.requests[:1]
    differing = [_differing_members(request, answer) for request in asked]
    if not differing or [] in differing:
        return None
    return f"has another {differing[0][0]} in the log"


def reads_show_the_log(facts: Facts) -> list[Anomaly]:
    facts.require_history()
    found: list[Anomaly] = []
    for key, reads in facts.reads.items():
        order = facts.fold.orders.get(key)
        for read in reads:
            if read.status != 200:
                continue
            why = _differs(order, read.answer)
            if why:
                evidence = [one for one in (order.request, order.outcome) if one] if order else []
                found.append(
                    Anomaly(
                        "phantom-read",
                        f"order {key} was shown as {read.answer.get('status')} and {why}",
                        [read, *evidence],
                    )
                )
                break
    return found


CHECKS = (reads_go_forward, reads_show_the_log)
