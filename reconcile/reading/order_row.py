"""An order's row as the log alone decides it, for everything that compares PostgreSQL with a fold."""

from __future__ import annotations

from typing import Any

from fold import Order
from records import Event

Row = dict[str, Any]


def _when(event: Event) -> int:
    names = ("requested_at", "completed_at", "failed_at")
    return next(int(event.fields[name]) for name in names if name in event.fields)


def expected_row(order: Order) -> Row:
    """The columns of an order's row that the log alone decides."""
    request, outcome = order.request, order.outcome
    asked = request or outcome
    assert asked is not None
    row: Row = {
        "status": order.status,
        "user_id": asked.fields["user_id"],
        "item_id": asked.fields["item_id"],
        "amount": asked.fields["amount"],
    }
    for name, event in (("request", request), ("outcome", outcome)):
        row[f"{name}_partition"] = event.record.partition if event else None
        row[f"{name}_offset"] = event.record.offset if event else None
    row["requested_at"] = _when(request) if request else None
    row["decided_at"] = _when(outcome) if outcome else None
    row["epoch"] = outcome.fields["epoch"] if outcome else None
    row["payment_id"] = outcome.fields.get("payment_id") if outcome else None
    return row
