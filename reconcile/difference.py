"""What a run of reconcile can find: classes by name, each with its meaning and the repair that is lawful for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Optional

from records import Event, show_place

REBUILD_STOCK = "rebuild-stock"
"""The saga begins a new generation of the stock store from the log."""
CANCEL_CHARGE = "cancel-charge"
"""The payment provider gives back what stands under a key, for good."""
REBUILD_VIEW = {view: f"rebuild-view:{view}" for view in ("orders", "items", "dead-letters")}
"""The view is built from the log beside the live one and takes its place."""
PERSON = None
"""No tool may decide it: the log itself, or money that would have to be taken."""

CLASSES: dict[str, tuple[str, Optional[str]]] = {
    "counter-drift": ("stock figures in Redis differ from the log", REBUILD_STOCK),
    "orphan-reservation": ("Redis holds units back for nobody", REBUILD_STOCK),
    "buyer-drift": ("Redis counts other units of a buyer than the log", REBUILD_STOCK),
    "decision-missing": ("Redis has forgotten a decision before its time", REBUILD_STOCK),
    "decision-contradicts": ("Redis remembers another decision than the log", REBUILD_STOCK),
    "decision-without-order": ("Redis decided an order that nobody placed", REBUILD_STOCK),
    "command-drift": ("Redis applied other operators' commands than the log holds", REBUILD_STOCK),
    "missing-row": ("the orders view lacks an order", REBUILD_VIEW["orders"]),
    "extra-row": ("the orders view has an order that nobody placed", REBUILD_VIEW["orders"]),
    "wrong-status": ("the orders view shows another status than the log", REBUILD_VIEW["orders"]),
    "wrong-row": ("a row of the orders view differs from the log", REBUILD_VIEW["orders"]),
    "wrong-sales-row": ("an item's sales in the orders view differ from the log", REBUILD_VIEW["orders"]),
    "wrong-item-row": ("an item's row differs from the log", REBUILD_VIEW["items"]),
    "missing-letter": ("the dead-letters view lacks a letter", REBUILD_VIEW["dead-letters"]),
    "extra-letter": ("the dead-letters view has a letter that was never parked", REBUILD_VIEW["dead-letters"]),
    "charged-not-completed": ("an order failed and its charge stands", CANCEL_CHARGE),
    "charged-twice": ("a completed order has a second charge", CANCEL_CHARGE),
    "completed-not-charged": ("an order completed and no charge stands", PERSON),
    "wrong-charge": ("a completed order was charged for other units", PERSON),
    "charge-without-order": ("a charge stands for an order that nobody placed", PERSON),
    "undecided-order": ("the saga went past an order and the log has no decision", PERSON),
    "outcome-conflict": ("the log holds two valid decisions of one order that disagree", PERSON),
    "oversold": ("more units are sold than were ever stocked", PERSON),
}


@dataclass
class Difference:
    name: str
    key: str
    """The order, item, buyer, command, letter or payment key."""
    expected: Any
    """What the log says."""
    actual: Any
    """What the store holds."""
    offsets: list[str] = field(default_factory=list)
    """The records behind it, as topic:partition:offset."""

    def __post_init__(self) -> None:
        if self.name not in CLASSES:
            raise ValueError(f"{self.name} is no class of differences")

    @property
    def repair(self) -> Optional[str]:
        return CLASSES[self.name][1]

    def to_json(self) -> dict[str, Any]:
        return {
            "class": self.name,
            "key": self.key,
            "expected": self.expected,
            "actual": self.actual,
            "offsets": self.offsets,
            "repair": self.repair,
        }


OFFSETS_MAX = 10


def offsets_of(events: Iterable[Optional[Event]]) -> list[str]:
    """Places of what is there, the first few."""
    return [show_place(event.place) for event in events if event is not None][:OFFSETS_MAX]
