"""The payment journal against the orders: one net charge if and only if completed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from difference import Difference, offsets_of
from fold import Fold, Order

Line = dict[str, Any]


def standing(journal: list[Line]) -> dict[str, dict[str, Line]]:
    """By order and payment key: the charge that was not given back."""
    by_key: dict[str, Line] = {}
    for line in journal:
        if line["op"] == "charged":
            by_key[line["key"]] = line
        elif line["op"] == "cancelled":
            by_key.pop(line["key"], None)
    found: dict[str, dict[str, Line]] = defaultdict(dict)
    for key, line in by_key.items():
        found[line.get("requestId") or key.rsplit(":", 1)[0]][key] = line
    return found


def _shown(charges: dict[str, Line]) -> list[dict[str, Any]]:
    return [
        {"payment_key": key, "payment_id": line.get("paymentId"), "amount": line.get("amount")}
        for key, line in charges.items()
    ]


def _compare_completed(order: Order, charges: dict[str, Line]) -> list[Difference]:
    outcome = order.completed
    assert outcome is not None
    places = offsets_of([order.request, outcome])
    wanted = {"payment_id": outcome.fields["payment_id"], "amount": outcome.fields["amount"]}
    named = [key for key, line in charges.items() if line.get("paymentId") == wanted["payment_id"]]
    if not named:
        return [Difference("completed-not-charged", order.key, wanted, _shown(charges) or None, places)]
    found = [
        Difference("charged-twice", key, wanted, _shown({key: line})[0], places)
        for key, line in charges.items()
        if key not in named
    ]
    amount = charges[named[0]].get("amount")
    if amount is not None and amount != wanted["amount"]:
        found.append(Difference("wrong-charge", order.key, wanted, _shown(charges)[0], places))
    return found


def compare_money(before: Fold, journal: list[Line], after: Fold) -> list[Difference]:
    """`before` and `after`: the log as it was before and after the journal was read. Orders decided in the first have
    all of their charges in the journal; one that was decided meanwhile may have been charged too late for it. A charge
    of an order that is not decided is under way and says nothing, and only the second fold knows all orders."""
    charges = standing(journal)
    found: list[Difference] = []
    for order in before.orders.values():
        if order.outcome is None:
            continue
        theirs = charges.get(order.key, {})
        if order.completed:
            found.extend(_compare_completed(order, theirs))
            continue
        places = offsets_of([order.request, order.outcome])
        found.extend(
            Difference("charged-not-completed", key, order.status, _shown({key: line})[0], places)
            for key, line in theirs.items()
        )
    for order_key, theirs in charges.items():
        if order_key not in after.orders:
            found.append(Difference("charge-without-order", order_key, None, _shown(theirs)))
    return found
