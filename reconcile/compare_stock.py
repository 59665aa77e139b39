"""Redis against the log while both move.

A sample of Redis is taken at one moment t of its own clock. Outcomes carry the time of their decision by that same
clock, so what had been sold by t is known exactly once every order asked for before t is decided in the log: that is
waited for. What was reserved at t is known up to the orders that were under way: none on an item nobody buys.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Optional

from difference import Difference, offsets_of
from fold import Fold, Item, Order
from records import REQUESTS, Event

NEVER_RESERVED = ("SOLD_OUT", "LIMIT_EXCEEDED", "UNKNOWN_ITEM", "UNPROCESSABLE")
STOCK_COMMANDS = ("StockAdjusted", "BuyerLimitSet")
STATES = {"C": "COMPLETED", "F": "FAILED", "R": "RESERVED"}


@dataclass
class StockSample:
    """What one generation held. `at` is the moment of stock, commands and cursors; orders and buyers were read from
    then on until `until`, all by the server's own clock in milliseconds."""

    epoch: int
    at: int
    until: int
    stock: dict[str, dict[str, int]]
    adjusted: dict[int, int]
    """By partition of stock-adjustments, the next offset that it will apply."""
    commands: set[str]
    orders: dict[str, str]
    buyers: dict[str, int]
    """By `item:user`."""


def decided_at(outcome: Event) -> int:
    name = "completed_at" if outcome.kind == "OrderCompleted" else "failed_at"
    return int(outcome.fields[name])


@dataclass
class Bounds:
    """Units that must be there, and that may be there besides because their orders were under way."""

    sold: int = 0
    sold_maybe: int = 0
    under_way: int = 0
    outcomes: list[Event] = field(default_factory=list)


def _was_asked(order: Order, cut: dict[int, int]) -> bool:
    first = order.first
    return first is not None and first.record.offset < cut.get(first.record.partition, 0)


def _may_reserve(outcome: Optional[Event]) -> bool:
    return outcome is None or outcome.fields.get("reason") not in NEVER_RESERVED


def _count(bounds: Bounds, order: Order, sample: StockSample, since: int, until: int) -> None:
    """Counts an order as it was between two moments. Outcomes of older generations were loaded into this one."""
    outcome = order.outcome
    asked = outcome or order.request
    amount = (asked.fields["amount"] if asked else None) or 0
    if outcome and (outcome.fields["epoch"] < sample.epoch or decided_at(outcome) < since):
        if order.completed:
            bounds.sold += amount
            bounds.outcomes.append(outcome)
        return
    if order.completed and decided_at(order.completed) <= until:
        bounds.sold_maybe += amount
    if _may_reserve(outcome):
        bounds.under_way += amount


def _bounds(
    fold: Fold, sample: StockSample, cut: dict[int, int]
) -> tuple[dict[str, Bounds], dict[str, Bounds]]:
    items: dict[str, Bounds] = defaultdict(Bounds)
    buyers: dict[str, Bounds] = defaultdict(Bounds)
    for order in fold.orders.values():
        event = order.outcome or order.request
        if event is None or event.fields["item_id"] is None or not _was_asked(order, cut):
            continue
        item_id, user_id = event.fields["item_id"], event.fields["user_id"]
        _count(items[item_id], order, sample, sample.at, sample.at)
        _count(buyers[f"{item_id}:{user_id}"], order, sample, sample.at, sample.until)
    return items, buyers


def _range(least: int, more: int) -> Any:
    return least if more == 0 else f"{least} to {least + more}"


def _stocked(item: Optional[Item], applied: set[str]) -> int:
    events = item.commands if item else []
    return sum(one.fields.get("delta", 0) for one in events if one.fields["command_id"] in applied)


def _compare_item(item_id: str, units: dict[str, int], bounds: Bounds, stocked: int) -> Optional[str]:
    """The name of what is wrong with an item's figures, if anything is."""
    total, available = units["total"], units["avail"]
    reserved, sold = units["reserved"], units["sold"]
    if total != stocked or not bounds.sold <= sold <= bounds.sold + bounds.sold_maybe:
        return "counter-drift"
    if available + reserved + sold != total or reserved < 0:
        return "counter-drift"
    return "orphan-reservation" if reserved > bounds.under_way else None


def _compare_items(
    fold: Fold, sample: StockSample, bounds: dict[str, Bounds], applied: set[str]
) -> list[Difference]:
    found: list[Difference] = []
    known = {item_id for item_id, item in fold.items.items() if _is_applied(item, applied)}
    for item_id in sorted({*sample.stock, *known}):
        units, of_item = sample.stock.get(item_id), bounds.get(item_id, Bounds())
        item = fold.items.get(item_id)
        stocked = _stocked(item, applied)
        name = "counter-drift" if units is None else _compare_item(item_id, units, of_item, stocked)
        if name is None:
            continue
        expected = {
            "total": stocked,
            "sold": _range(of_item.sold, of_item.sold_maybe),
            "reserved": _range(0, of_item.under_way),
            "avail": _range(
                stocked - of_item.sold - of_item.sold_maybe - of_item.under_way,
                of_item.sold_maybe + of_item.under_way,
            ),
        }
        places = offsets_of([*(item.commands[-3:] if item else []), *of_item.outcomes[-3:]])
        found.append(Difference(name, item_id, expected, units, places))
    return found


def _is_applied(item: Item, applied: set[str]) -> bool:
    return any(one.fields["command_id"] in applied for one in item.commands)


def _compare_buyers(sample: StockSample, bounds: dict[str, Bounds]) -> list[Difference]:
    found: list[Difference] = []
    for buyer in sorted({*sample.buyers, *bounds}):
        of_buyer = bounds.get(buyer, Bounds())
        units = sample.buyers.get(buyer, 0)
        if not of_buyer.sold <= units <= of_buyer.sold + of_buyer.under_way:
            expected = _range(of_buyer.sold, of_buyer.under_way)
            found.append(Difference("buyer-drift", buyer, expected, units, offsets_of(of_buyer.outcomes[-5:])))
    return found


def _applied_commands(fold: Fold, sample: StockSample) -> set[str]:
    """Commands on stock whose record lies before the cursors that Redis had at the moment of the sample. Whether an
    item is on sale is looked up in the log, order by order: Redis knows nothing of it."""
    return {
        command_id
        for command_id, events in fold.commands.items()
        if events[0].kind in STOCK_COMMANDS
        and any(one.record.offset < sample.adjusted.get(one.record.partition, 0) for one in events)
    }


def _compare_commands(fold: Fold, sample: StockSample, applied: set[str]) -> list[Difference]:
    found: list[Difference] = []
    for command_id in sorted(applied ^ sample.commands):
        is_applied = command_id in sample.commands
        places = offsets_of(fold.commands.get(command_id, [])[:1])
        expected, actual = ("not applied", "applied") if is_applied else ("applied", "not applied")
        found.append(Difference("command-drift", command_id, expected, actual, places))
    return found


def _parse(text: str) -> dict[str, Any]:
    state, _, user_id, item_id, amount, rest = text.split("|", 5)
    # A refusal's reason may be followed by a bar and its detail, which the views are compared for.
    detail = rest.split("|", 1)[0] if state == "F" else rest
    return {
        "state": STATES.get(state, state),
        "user_id": user_id or None,
        "item_id": item_id or None,
        "amount": int(amount) if amount else None,
        "detail": detail,
    }


def _expected_record(order: Order) -> Optional[dict[str, Any]]:
    outcome = order.outcome
    if outcome is None:
        return None
    fields = outcome.fields
    is_completed = outcome.kind == "OrderCompleted"
    return {
        "state": "COMPLETED" if is_completed else "FAILED",
        "user_id": fields["user_id"],
        "item_id": fields["item_id"],
        "amount": fields["amount"],
        "detail": fields["payment_id"] if is_completed else fields["reason"],
    }


def compare_record(key: str, text: Optional[str], order: Optional[Order]) -> Optional[Difference]:
    """One order's record as it is now, against everything that the log says by now."""
    expected = _expected_record(order) if order else None
    places = offsets_of([order.request, order.outcome]) if order else []
    if text is None:
        return Difference("decision-missing", key, expected, None, places) if expected else None
    actual = _parse(text)
    if order is None or order.first is None:
        name = "orphan-reservation" if actual["state"] == "RESERVED" else "decision-without-order"
        return Difference(name, key, None, actual, places)
    if expected is None or expected == actual:
        return None
    name = "orphan-reservation" if actual["state"] == "RESERVED" else "decision-contradicts"
    return Difference(name, key, expected, actual, places)


def suspects(fold: Fold, sample: StockSample, remembered_since: int) -> list[str]:
    """Orders whose record in the sample is not what the log says: to be read once more. `remembered_since`: outcomes
    appended later must still be in Redis."""
    found = [
        key
        for key, text in sample.orders.items()
        if compare_record(key, text, fold.orders.get(key)) is not None
    ]
    for key, order in fold.orders.items():
        outcome = order.outcome
        if key in sample.orders or outcome is None or outcome.record.at < remembered_since:
            continue
        if outcome.fields["epoch"] < sample.epoch or decided_at(outcome) < sample.at:
            found.append(key)
    return found


def compare_stock(fold: Fold, sample: StockSample, cuts: dict[str, dict[int, int]]) -> list[Difference]:
    """Figures, buyers and commands of a sample, against a fold in which all orders before the cut are decided."""
    items, buyers = _bounds(fold, sample, cuts[REQUESTS])
    applied = _applied_commands(fold, sample)
    return [
        *_compare_items(fold, sample, items, applied),
        *_compare_buyers(sample, buyers),
        *_compare_commands(fold, sample, applied),
    ]


