"""The meaning of the log, folded once more and on its own.

An order is defined by the first record under its key in order-requests. Of its outcomes the first valid one stands. An
outcome is void when its epoch is older than the newest EpochStarted before it in its partition. Of operators' commands
the first with a given command_id counts, unless it was overtaken: it names the version it was decided at, and the item has
another one by then. A command that was overtaken is as if it had never been given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Optional, Union

from records import (
    ADJUSTMENTS,
    EPOCHS,
    OUTCOMES,
    REQUESTS,
    RETRIES,
    Event,
    Place,
    Poison,
)


@dataclass
class Order:
    key: str
    requests: list[Event] = field(default_factory=list)
    """Every decodable request, oldest first within a partition."""
    poison: list[Poison] = field(default_factory=list)
    outcomes: list[Event] = field(default_factory=list)
    """Valid ones, oldest first; the first stands."""
    voids: list[Event] = field(default_factory=list)

    @property
    def request(self) -> Optional[Event]:
        return self.requests[0] if self.requests else None

    @property
    def outcome(self) -> Optional[Event]:
        return self.outcomes[0] if self.outcomes else None

    @property
    def status(self) -> str:
        return "PENDING" if self.outcome is None else status_of(self.outcome)

    @property
    def first(self) -> Optional[Union[Event, Poison]]:
        """What defines the order: whatever came first, usable or not."""
        both: list[Union[Event, Poison]] = [*self.requests, *self.poison]
        return min(both, key=lambda one: one.record.place, default=None)

    @property
    def completed(self) -> Optional[Event]:
        outcome = self.outcome
        return outcome if outcome and outcome.kind == "OrderCompleted" else None


@dataclass
class Item:
    item_id: str
    commands: list[Event] = field(default_factory=list)
    """Those that took effect, by append time."""

    @property
    def stocked(self) -> int:
        return sum(command.fields["delta"] for command in self.commands if command.kind == "StockAdjusted")

    @property
    def units_max(self) -> Optional[int]:
        limits = [command.fields["units_max"] for command in self.commands if command.kind == "BuyerLimitSet"]
        return limits[-1] if limits else None

    def version(self, kind: str) -> int:
        return sum(command.kind == kind for command in self.commands)

    def sale_at(self, at: float) -> str:
        """What the sale was at an instant of the log. An item whose sale nobody changed is open."""
        changes = [one for one in self.commands if one.kind == "SaleChanged" and one.record.at <= at]
        if not changes:
            return "OPEN"
        sale = changes[-1].fields
        if sale["mode"] == "CLOSED" or (sale["closes_at"] is not None and at >= sale["closes_at"]):
            return "CLOSED"
        if sale["mode"] == "PAUSED":
            return "PAUSED"
        return "SCHEDULED" if sale["opens_at"] is not None and at < sale["opens_at"] else "OPEN"


@dataclass
class Fold:
    orders: dict[str, Order] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    commands: dict[str, list[Event]] = field(default_factory=dict)
    """By command_id; the first took effect."""
    overtaken: list[Event] = field(default_factory=list)
    markers: list[Event] = field(default_factory=list)
    claims: dict[int, Event] = field(default_factory=dict)
    retries: list[Event] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)
    fences: dict[Place, int] = field(default_factory=dict)
    """For each outcome's place: the newest marker before it, -1 when there is none."""

    def order(self, key: str) -> Order:
        if key not in self.orders:
            self.orders[key] = Order(key)
        return self.orders[key]


def status_of(outcome: Event) -> str:
    return "COMPLETED" if outcome.kind == "OrderCompleted" else f"FAILED_{outcome.fields['reason']}"


def payload_of(event: Event) -> tuple[str, str, int]:
    return (event.fields["user_id"], event.fields["item_id"], event.fields["amount"])


def _fold_outcome(fold: Fold, newest: dict[int, int], event: Event) -> None:
    partition = event.record.partition
    fence = newest.get(partition, -1)
    if event.kind == "EpochStarted":
        newest[partition] = max(fence, event.fields["epoch"])
        fold.markers.append(event)
        return
    fold.fences[event.place] = fence
    order = fold.order(event.key)
    (order.voids if event.fields["epoch"] < fence else order.outcomes).append(event)


def _fold_commands(fold: Fold, events: list[Event]) -> None:
    for event in sorted(events, key=lambda one: (one.record.at, one.record.partition, one.record.offset)):
        item_id = event.fields["item_id"]
        repeats = fold.commands.get(event.fields["command_id"], [])
        item = fold.items.get(item_id) or Item(item_id)
        expected = event.fields.get("expected_version")
        if not repeats and expected is not None and expected != item.version(event.kind):
            fold.overtaken.append(event)
            continue
        fold.commands[event.fields["command_id"]] = [*repeats, event]
        fold.items[item_id] = item
        if not repeats:
            item.commands.append(event)


def fold_log(log: Iterable[Union[Event, Poison]]) -> Fold:
    """Folds records given in the order of the log within each partition; partitions and topics may be mixed."""
    fold = Fold()
    newest: dict[int, int] = {}
    commands: list[Event] = []
    for one in log:
        topic = one.record.topic
        if isinstance(one, Poison):
            fold.poison.append(one)
            if topic == REQUESTS and one.record.key_text:
                fold.order(one.record.key_text).poison.append(one)
        elif topic == REQUESTS:
            fold.order(one.key).requests.append(one)
        elif topic == OUTCOMES:
            _fold_outcome(fold, newest, one)
        elif topic == ADJUSTMENTS:
            commands.append(one)
        elif topic == EPOCHS:
            fold.claims[one.record.offset] = one
        elif topic == RETRIES:
            fold.retries.append(one)
    _fold_commands(fold, commands)
    return fold


def fold_prefix(log: Iterable[Union[Event, Poison]], upto: dict[tuple[str, int], int]) -> Fold:
    """The fold of what a reader has seen that has read each (topic, partition) up to, not including, an offset."""
    return fold_log(
        one for one in log if one.record.offset < upto.get((one.record.topic, one.record.partition), 0)
    )
