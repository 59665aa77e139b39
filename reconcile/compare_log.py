"""The log against itself: what no rebuild can mend, because everything else is built from it."""

from __future__ import annotations

from typing import Any

from difference import Difference, offsets_of
from fold import Fold, Item, status_of
from records import Event


def _said(outcome: Event) -> tuple[Any, ...]:
    fields = outcome.fields
    return (status_of(outcome), fields["user_id"], fields["item_id"], fields["amount"], fields.get("payment_id"))


def _conflicts(fold: Fold) -> list[Difference]:
    found: list[Difference] = []
    for order in fold.orders.values():
        others = [one for one in order.outcomes[1:] if _said(one) != _said(order.outcomes[0])]
        if others:
            first, second = order.outcomes[0], others[0]
            places = offsets_of([first, second])
            found.append(
                Difference("outcome-conflict", order.key, status_of(first), status_of(second), places)
            )
    return found


def _most_ever_stocked(item: Item) -> int:
    """Units taken out again by an operator may have been sold before."""
    most = total = 0
    for command in item.commands:
        total += command.fields.get("delta", 0)
        most = max(most, total)
    return most


def _oversold(fold: Fold) -> list[Difference]:
    sold: dict[str, int] = {}
    for order in fold.orders.values():
        if order.completed:
            item_id = order.completed.fields["item_id"]
            sold[item_id] = sold.get(item_id, 0) + order.completed.fields["amount"]
    found: list[Difference] = []
    for item_id, units in sold.items():
        item = fold.items.get(item_id, Item(item_id))
        stocked = _most_ever_stocked(item)
        if units > stocked:
            found.append(
                Difference(
                    "oversold", item_id, {"at_most": stocked}, {"sold": units}, offsets_of(item.commands)
                )
            )
    return found


def compare_log(fold: Fold) -> list[Difference]:
    return [*_conflicts(fold), *_oversold(fold)]
