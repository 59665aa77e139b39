"""What was sold of each item as the log alone decides it, for everything that compares PostgreSQL with a fold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from fold import Fold
from order_row import Row

COUNTS = ("pending_units", "sold_units", "pending_orders", "completed_orders", "failed_orders")


def _counts() -> defaultdict[str, Row]:
    return defaultdict(lambda: dict.fromkeys(COUNTS, 0))


def expected_sales(fold: Fold) -> defaultdict[str, Row]:
    """Orders and units by item, folded from the log."""
    wanted = _counts()
    for order in fold.orders.values():
        outcome, request = order.outcome, order.request
        if outcome and outcome.fields["item_id"] is not None:
            counts = wanted[outcome.fields["item_id"]]
            is_sold = outcome.kind == "OrderCompleted"
            counts["completed_orders" if is_sold else "failed_orders"] += 1
            counts["sold_units"] += outcome.fields["amount"] if is_sold else 0
        elif request and not outcome:
            counts = wanted[request.fields["item_id"]]
            counts["pending_orders"] += 1
            counts["pending_units"] += request.fields["amount"]
    return wanted


def summed_sales(rows: Iterable[Row]) -> defaultdict[str, Row]:
    """The view keeps a row for each item and partition; the sum over the partitions is what it says of the item."""
    shown = _counts()
    for row in rows:
        for name in COUNTS:
            shown[row["item_id"]][name] += row[name]
    return shown
