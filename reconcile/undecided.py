"""Orders without a decision, and which of them nobody will decide any more."""

from __future__ import annotations

from dataclasses import dataclass, field

from fold import Fold, Order
from records import REQUESTS


@dataclass(frozen=True)
class Passed:
    """
    How far the saga's groups have committed, by partition. The log must be read after this: what was passed has its decision
    in it by then, or its next try.
    """

    requests: dict[int, int] = field(default_factory=dict)
    payments: dict[int, int] = field(default_factory=dict)


def without_decision(fold: Fold, cut: dict[str, dict[int, int]]) -> list[Order]:
    """Orders asked for before the cut that have no outcome."""
    return [
        order
        for order in fold.orders.values()
        if order.outcome is None
        and order.first is not None
        and order.first.record.offset < cut[REQUESTS].get(order.first.record.partition, 0)
    ]


def undecided(fold: Fold, cut: dict[str, dict[int, int]], passed: Passed) -> list[Order]:
    """Of these, those whose payment is not waited for: no record of them in `payment-retries` is still to be read."""
    waiting = {
        event.key
        for event in fold.retries
        if event.record.offset >= passed.payments.get(event.record.partition, 0)
    }
    return [order for order in without_decision(fold, cut) if order.key not in waiting]


def lost(late: list[Order], passed: Passed) -> list[Order]:
    """Orders that the saga has gone past will not be decided any more; any other one is only late."""
    return [
        order
        for order in late
        if order.first is not None
        and order.first.record.offset < passed.requests.get(order.first.record.partition, 0)
    ]
