"""Whether units are conserved: never oversold, never refused while there, none leaked: invariants I4 and I5."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Any, Optional

from anomaly import Anomaly
from facts import CannotTell, Facts
from fold import Fold, Item, Order
from records import Event


def sold_by_item(fold: Fold) -> dict[str, list[Event]]:
    sold: dict[str, list[Event]] = defaultdict(list)
    for order in fold.orders.values():
        if order.completed:
            sold[order.completed.fields["item_id"]].append(order.completed)
    return sold


def _most_ever_stocked(item: Optional[Item]) -> int:
    """Units taken out again by an operator may have been sold before."""
    most = total = 0
    for command in item.commands if item else ():
        total += command.fields.get("delta", 0)
        most = max(most, total)
    return most


def oversold(facts: Facts) -> list[Anomaly]:
    found: list[Anomaly] = []
    for item_id, events in sold_by_item(facts.fold).items():
        item = facts.fold.items.get(item_id)
        stocked = _most_ever_stocked(item)
        sold = sum(event.fields["amount"] for event in events)
        if sold <= stocked:
            continue
        counted = 0
        for last in sorted(events, key=lambda event: event.record.at):
            counted += last.fields["amount"]
            if counted > stocked:
                break
        evidence: list[Any] = [*(item.commands if item else ()), last]
        found.append(Anomaly("oversell", f"{sold} of {stocked} units of {item_id} are sold", evidence))
    return found


def over_limit(facts: Facts) -> list[Anomaly]:
    """Judged only where the limit never changed and was set before the first order of the item."""
    found: list[Anomaly] = []
    for item_id, events in sold_by_item(facts.fold).items():
        item = facts.fold.items.get(item_id)
        limits = [one for one in item.commands if one.kind == "BuyerLimitSet"] if item else []
        first = min(event.record.at for event in events)
        if len(limits) != 1 or limits[0].fields["units_max"] is None or limits[0].record.at >= first:
            continue
        bought: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            bought[event.fields["user_id"]].append(event)
        for user_id, theirs in bought.items():
            units = sum(event.fields["amount"] for event in theirs)
            if units > limits[0].fields["units_max"]:
                found.append(
                    Anomaly("over-limit", f"{user_id} has {units} units of {item_id}", [limits[0], *theirs])
                )
    return found


def audited(facts: Facts) -> list[dict[str, Any]]:
    if facts.run.audits is None:
        raise CannotTell("there are no audit samples of Redis")
    return facts.run.audits


def leaks_in_samples(facts: Facts) -> list[Anomaly]:
    """At every moment available + reserved + sold = total, none negative."""
    found: list[Anomaly] = []
    for sample in audited(facts):
        for item_id, units in sample["items"].items():
            parts = [units["avail"], units["reserved"], units["sold"]]
            evidence = [{"at": sample["at"], "epoch": sample["epoch"], "item_id": item_id, **units}]
            if sum(parts) != units["total"]:
                found.append(Anomaly("stock-leak", f"the units of {item_id} do not add up", evidence))
            elif min(parts) < 0 and _most_ever_stocked(facts.fold.items.get(item_id)) <= units["total"]:
                found.append(Anomaly("oversell", f"{item_id} has a negative number of units", evidence))
    return found


class _Demand:
    """Units of an item that may have been reserved at some moment, as far as the log can tell."""

    def __init__(self, orders: list[Order]) -> None:
        self._spans: list[tuple[float, float, str, int]] = []
        for order in orders:
            request = order.request
            if request is None:
                continue
            ends = [
                one.fields.get("completed_at", one.fields.get("failed_at", 0))
                for one in [*order.outcomes, *order.voids]
            ]
            refused = all(
                one.kind == "OrderFailed" and one.fields["reason"] != "PAYMENT"
                for one in [*order.outcomes, *order.voids]
            )
            if ends and refused:
                continue
            end = float("inf") if not order.outcomes else float(max(ends))
            self._spans.append((request.record.at, end, order.key, request.fields["amount"]))

    def units_between(self, begin: float, end: float, without: str) -> int:
        return sum(
            amount
            for requested, settled, key, amount in self._spans
            if requested <= end and settled >= begin and key != without
        )


# The command API opens a scheduled sale by its own clock, the log has the brokers'.
OPENING_SKEW_MS = 1_000


def sales_kept(facts: Facts) -> list[Anomaly]:
    """By the log's times: what was asked for while its item was off sale is not sold, and nothing else is refused for it."""
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        request, outcome = order.request, order.outcome
        item = facts.fold.items.get(request.fields["item_id"]) if request else None
        if not request or not outcome or not item or order.first is not request:
            continue
        if outcome.place in facts.injected:
            continue
        state = item.sale_at(request.record.at)
        evidence = [*(one for one in item.commands if one.kind == "SaleChanged"), request, outcome]
        if state == "OPEN":
            if outcome.fields.get("reason") == "SALE_CLOSED":
                summary = f"order {order.key} was refused although its item was on sale"
                found.append(Anomaly("refused-on-sale", summary, evidence))
        elif outcome.kind == "OrderCompleted":
            if state == "SCHEDULED" and item.sale_at(request.record.at + OPENING_SKEW_MS) == "OPEN":
                continue
            summary = f"order {order.key} was sold while its item was {state}"
            found.append(Anomaly("sold-off-sale", summary, evidence))
    return found


# Clocks of the broker and of Redis may differ by this much.
SKEW_MS = 250


def _around(
    at: int, samples: list[dict[str, Any]], times: list[int]
) -> Optional[tuple[dict[str, Any], dict[str, Any]]]:
    before = bisect_left(times, at) - 1
    after = bisect_right(times, at)
    if before < 0 or after >= len(samples):
        return None
    return samples[before], samples[after]


def undersold(facts: Facts) -> list[Anomaly]:
    """SOLD_OUT was decided although the samples before and after, and every order that may have come between, leave
    enough units."""
    samples = sorted(
        (sample for sample in audited(facts) if sample.get("open", True)), key=lambda one: one["at"]
    )
    times = [sample["at"] for sample in samples]
    by_item: dict[str, list[Order]] = defaultdict(list)
    for order in facts.fold.orders.values():
        if order.request:
            by_item[order.request.fields["item_id"]].append(order)
    demands = {item_id: _Demand(orders) for item_id, orders in by_item.items()}
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        outcome = order.outcome
        if not outcome or outcome.fields.get("reason") != "SOLD_OUT" or not outcome.fields["item_id"]:
            continue
        around = _around(outcome.fields["failed_at"], samples, times)
        if around is None or {sample["epoch"] for sample in around} != {outcome.fields["epoch"]}:
            continue
        item_id = outcome.fields["item_id"]
        units = [sample["items"].get(item_id, {}).get("avail", 0) for sample in around]
        taken = demands[item_id].units_between(
            around[0]["at"] - SKEW_MS, around[1]["at"] + SKEW_MS, order.key
        )
        if min(units) - taken >= outcome.fields["amount"]:
            summary = f"order {order.key} was refused while at least {min(units) - taken} units of {item_id} were there"
            shown = [{"at": one["at"], "item_id": item_id, **one["items"][item_id]} for one in around]
            found.append(Anomaly("undersell", summary, [outcome, *shown]))
    return found


CHECKS = (oversold, over_limit, leaks_in_samples, undersold, sales_kept)
