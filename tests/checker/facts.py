"""A run, decoded and folded once, with the look-ups that the checks share."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Callable, Optional, Union

from anomaly import Anomaly
from events import Decoder, read_all
from fold import Fold, Order, fold_log
from records import REQUESTS, Event, Operation, Place, Poison, Record, Run


class CannotTell(Exception):
    """Something that a check needs was not collected; not an anomaly, and not its absence either."""


Check = Callable[["Facts"], list[Anomaly]]


class Facts:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.log: list[Union[Event, Poison]] = read_all(Decoder(run.schemas), run.records)
        self.fold: Fold = fold_log(self.log)
        self.by_place: dict[Place, Record] = {record.place: record for record in run.records}
        self.buys: dict[str, list[Operation]] = defaultdict(list)
        self.commands: dict[str, list[Operation]] = defaultdict(list)
        self.reads: dict[str, list[Operation]] = defaultdict(list)
        self.injected: set[Place] = set()
        """Places of records that the test itself put into the log, past the services."""
        self.injected_keys: set[str] = set()
        for operation in run.operations or ():
            self._file(operation)
        self.recoveries: list[dict[str, Any]] = []
        """What check_run.measure found."""
        self.accepted_at: list[int] = sorted(
            one.returned_at for one in run.operations or () if one.op == "buy" and one.outcome == "ok"
        )

    def _file(self, operation: Operation) -> None:
        if operation.op == "buy":
            self.buys[operation.key].append(operation)
        elif operation.op in ("adjust", "limit", "sale"):
            self.commands[operation.key].append(operation)
        elif operation.op == "read":
            self.reads[operation.key].append(operation)
        elif operation.op == "inject":
            place = operation.answer
            if {"topic", "partition", "offset"} <= place.keys():
                self.injected.add((place["topic"], place["partition"], place["offset"]))
            self.injected_keys.add(operation.key)

    @property
    def operations(self) -> list[Operation]:
        self.require_history()
        return self.run.operations or []

    def require_history(self) -> None:
        if self.run.operations is None:
            raise CannotTell("there is no client history")

    def is_due(self, order: Order) -> bool:
        """Whether the order's first request is old enough to have been decided."""
        first = order.first
        return first is not None and first.record.at <= self.run.settled_before

    def range_of(self, place: Place) -> Optional[tuple[int, int]]:
        return (self.run.ranges or {}).get(place[0], {}).get(place[1])

    def requests_by_order(self) -> list[Order]:
        return [order for order in self.fold.orders.values() if order.first is not None]

    def request_records(self) -> list[Record]:
        return [record for record in self.run.records if record.topic == REQUESTS]
