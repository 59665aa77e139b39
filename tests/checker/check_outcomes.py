"""Whether every order is decided once, for ever, and by an epoch that had the right to: invariants I3 and L1."""

from __future__ import annotations

from typing import Any

from anomaly import Anomaly
from facts import Facts
from fold import Order, payload_of, status_of
from records import REQUESTS, Event, Poison


def unresolved(facts: Facts) -> list[Anomaly]:
    """A request without any outcome. One that has void outcomes only is reported as such."""
    return [
        Anomaly("unresolved", f"order {order.key} has no outcome", [order.first])
        for order in facts.requests_by_order()
        if not order.outcomes and not order.voids and order.first is not None and facts.is_due(order)
    ]


def void_unresolved(facts: Facts) -> list[Anomaly]:
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        newest = order.voids[-1] if order.voids else None
        if newest is None or order.outcomes or newest.record.at > facts.run.settled_before:
            continue
        fence = facts.fold.fences[newest.place]
        marker = [
            one
            for one in facts.fold.markers
            if one.record.partition == newest.record.partition and one.fields["epoch"] == fence
        ]
        summary = f"the outcome of order {order.key} is void since epoch {fence}, and no valid one followed"
        found.append(Anomaly("void-unresolved", summary, [newest, *marker[:1]]))
    return found


def _said(outcome: Event) -> tuple[Any, ...]:
    """What a buyer would notice: everything but when and by which epoch."""
    fields = outcome.fields
    payload = (fields["user_id"], fields["item_id"], fields["amount"])
    return (status_of(outcome), payload, fields.get("payment_id"))


def terminal_conflicts(facts: Facts) -> list[Anomaly]:
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        others = [outcome for outcome in order.outcomes[1:] if _said(outcome) != _said(order.outcomes[0])]
        if others:
            summary = f"order {order.key} is {status_of(order.outcomes[0])} and {status_of(others[0])}"
            found.append(Anomaly("terminal-conflict", summary, [order.outcomes[0], others[0]]))
    return found


def duplicate_outcomes(facts: Facts) -> list[Anomaly]:
    """Copies are for faults only, and then they are the same bytes."""
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        ours = [outcome for outcome in order.outcomes if outcome.place not in facts.injected]
        if len(ours) < 2:
            continue
        if not facts.run.was_disturbed:
            found.append(
                Anomaly("duplicate", f"{len(ours)} outcomes of order {order.key} without a fault", [*ours])
            )
            continue
        different = [
            one
            for one in ours[1:]
            if one.record.value != ours[0].record.value and _said(one) == _said(ours[0])
        ]
        if different:
            summary = f"copies of the outcome of order {order.key} are not the same bytes"
            found.append(Anomaly("duplicate", summary, [ours[0], different[0]]))
    return found


def fence_missing(facts: Facts) -> list[Anomaly]:
    """An epoch decides only after its marker stands in the partition, and a marker's epoch was claimed."""
    announced: dict[tuple[int, int], int] = {}
    for marker in facts.fold.markers:
        place = (marker.record.partition, marker.fields["epoch"])
        announced[place] = min(marker.record.offset, announced.get(place, marker.record.offset))
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        for outcome in [*order.outcomes, *order.voids]:
            if outcome.place in facts.injected:
                continue
            at = announced.get((outcome.record.partition, outcome.fields["epoch"]))
            if at is None or at > outcome.record.offset:
                summary = (
                    f"epoch {outcome.fields['epoch']} was not announced in its partition before it decided"
                )
                found.append(Anomaly("fence-missing", summary, [outcome]))
    for marker in facts.fold.markers:
        if marker.fields["epoch"] not in facts.fold.claims and marker.place not in facts.injected:
            summary = f"nobody claimed epoch {marker.fields['epoch']}"
            found.append(Anomaly("fence-missing", summary, [marker]))
    return found


def _agrees(order: Order, outcome: Event) -> bool:
    first = order.first
    if isinstance(first, Poison):
        return outcome.kind == "OrderFailed" and outcome.fields["reason"] == "UNPROCESSABLE"
    said = (outcome.fields["user_id"], outcome.fields["item_id"], outcome.fields["amount"])
    return first is None or said == payload_of(first)


def outcomes_follow_requests(facts: Facts) -> list[Anomaly]:
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        ours = [one for one in [*order.outcomes, *order.voids] if one.place not in facts.injected]
        if order.first is None:
            found.extend(Anomaly("phantom", f"nobody requested order {order.key}", [one]) for one in ours[:1])
            continue
        wrong = [one for one in ours if not _agrees(order, one)]
        if wrong:
            summary = f"the outcome of order {order.key} is not about what was asked"
            found.append(Anomaly("corrupt", summary, [order.first, wrong[0]]))
    return found


def saga_went_past(facts: Facts) -> list[Anomaly]:
    """A request behind the saga's committed offset without an outcome, and not postponed, was skipped."""
    found: list[Anomaly] = []
    postponed = {event.key for event in facts.fold.retries}
    for group, topics in (facts.run.committed or {}).items():
        for order in facts.requests_by_order():
            first = order.first
            if first is None or order.outcomes or order.voids or order.key in postponed:
                continue
            next_offset = topics.get(REQUESTS, {}).get(first.record.partition, 0)
            if first.record.offset < next_offset:
                place = {"group": group, "partition": first.record.partition, "committed": next_offset}
                found.append(Anomaly("poll-skip", f"{group} went past order {order.key}", [first, place]))
    return found


CHECKS = (
    unresolved,
    void_unresolved,
    terminal_conflicts,
    duplicate_outcomes,
    fence_missing,
    outcomes_follow_requests,
    saga_went_past,
)
