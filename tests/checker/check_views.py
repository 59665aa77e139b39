"""Whether PostgreSQL is a fold of the log up to the offsets that stand beside its rows: invariant I7."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Optional

from anomaly import Anomaly
from facts import CannotTell, Facts
from fold import Fold, Order, fold_prefix
from item_sales import expected_sales, summed_sales
from letter_places import place_of, redriven_from
from order_row import Row, expected_row
from records import LETTERS, Event, Record

Offsets = dict[tuple[str, int], int]


def _tables(facts: Facts) -> dict[str, list[Row]]:
    if facts.run.postgres is None:
        raise CannotTell("there is no dump of PostgreSQL")
    return facts.run.postgres


def _rows(facts: Facts, table: str) -> list[Row]:
    tables = _tables(facts)
    if table not in tables:
        raise CannotTell(f"PostgreSQL has no table {table}")
    return tables[table]


def _offsets(facts: Facts, table: str) -> Offsets:
    return {(row["topic"], row["partition"]): row["next"] for row in _rows(facts, table)}


def expected_order(order: Order) -> Row:
    row: Row = {"request_id": order.key, **expected_row(order)}
    for name, event in (("request", order.request), ("outcome", order.outcome)):
        row[f"{name}_appended_at"] = event.record.at if event else None
    return row


def _difference(expected: Row, found: Row) -> list[str]:
    return [
        f"{name} is {found[name]!r} instead of {value!r}"
        for name, value in expected.items()
        if name in found and found[name] != value
    ]


def _judge_order(order: Order, row: Optional[Row]) -> list[Anomaly]:
    evidence = [one for one in (order.request, order.outcome) if one]
    if row is None:
        return [Anomaly("poll-skip", f"the projector went past order {order.key}", evidence)]
    expected = expected_order(order)
    if order.outcome and row.get("outcome_offset") is None:
        return [
            Anomaly(
                "poll-skip", f"the projector went past the outcome of order {order.key}", [order.outcome, row]
            )
        ]
    differences = _difference(expected, row)
    if not differences:
        return []
    return [
        Anomaly("projection-divergence", f"order {order.key}: {'; '.join(differences)}", [*evidence, row])
    ]


def orders_view(facts: Facts) -> list[Anomaly]:
    fold = fold_prefix(facts.log, _offsets(facts, "order_offsets"))
    rows = {row["request_id"]: row for row in _rows(facts, "orders")}
    found: list[Anomaly] = []
    for key, order in fold.orders.items():
        if order.request or order.outcome:
            found.extend(_judge_order(order, rows.pop(key, None)))
    for key, row in rows.items():
        found.append(
            Anomaly("projection-divergence", f"order {key} is in the view and not in the log", [row])
        )
    found.extend(_item_sales(facts, fold))
    found.extend(_totals(facts, fold))
    found.extend(_set_aside(facts, fold))
    return found


def _item_sales(facts: Facts, fold: Fold) -> list[Anomaly]:
    wanted, shown = expected_sales(fold), summed_sales(_rows(facts, "item_sales"))
    return [
        Anomaly(
            "projection-divergence",
            f"sales of {item_id}: {'; '.join(_difference(wanted[item_id], shown[item_id]))}",
            [{"view": shown[item_id], "log": wanted[item_id]}],
        )
        for item_id in sorted({*wanted, *shown})
        if wanted[item_id] != shown[item_id]
    ]


def _totals(facts: Facts, fold: Fold) -> list[Anomaly]:
    wanted: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for order in fold.orders.values():
        for event, status in ((order.request, "ACCEPTED"), (order.outcome, order.status)):
            if event:
                total = wanted[(event.record.at // 1000, status)]
                total[0] += 1
                total[1] += event.fields["amount"] or 0
    shown: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in _rows(facts, "order_totals"):
        shown[(row["second"], row["status"])][0] += row["orders"]
        shown[(row["second"], row["status"])][1] += row["units"]
    return [
        Anomaly(
            "projection-divergence",
            f"{status} orders in second {second}: {shown[second, status]} instead of {wanted[second, status]}",
            [],
        )
        for second, status in sorted({*wanted, *shown})
        if wanted[second, status] != shown[second, status]
    ]


def _set_aside(facts: Facts, fold: Fold) -> list[Anomaly]:
    wanted: dict[tuple[str, int, int], tuple[bool, Event]] = {}
    for order in fold.orders.values():
        for event in [*order.requests[1:], *order.outcomes[1:]]:
            wanted[event.place] = (False, event)
        for event in order.voids:
            wanted[event.place] = (True, event)
    found: list[Anomaly] = []
    for row in _rows(facts, "events_set_aside"):
        place = (row["topic"], row["partition"], row["offset"])
        known = wanted.pop(place, None)
        if known is None or known[0] != row["is_void"]:
            evidence: list[Any] = [row] if known is None else [known[1], row]
            found.append(
                Anomaly(
                    "projection-divergence",
                    "an event is set aside that should count, or for another reason",
                    evidence,
                )
            )
    for _, event in wanted.values():
        found.append(
            Anomaly("poll-skip", f"the projector forgot a copy or void of order {event.key}", [event])
        )
    return found


def items_view(facts: Facts) -> list[Anomaly]:
    fold = fold_prefix(facts.log, _offsets(facts, "item_offsets"))
    rows = {row["item_id"]: row for row in _rows(facts, "item_stock")}
    found: list[Anomaly] = []
    for item_id, item in fold.items.items():
        wanted = {
            "stocked": item.stocked,
            "units_max": item.units_max,
            "stock_version": item.version("StockAdjusted"),
            "sale_version": item.version("SaleChanged"),
        }
        row = rows.pop(item_id, None)
        if row is None:
            found.append(Anomaly("poll-skip", f"the projector went past item {item_id}", item.commands[:1]))
        elif _difference(wanted, row):
            summary = f"item {item_id}: {'; '.join(_difference(wanted, row))}"
            found.append(Anomaly("projection-divergence", summary, [*item.commands, row]))
    for item_id, row in rows.items():
        found.append(
            Anomaly("projection-divergence", f"item {item_id} is in the view and not in the log", [row])
        )
    return found


def _letters(facts: Facts, upto: Offsets) -> dict[tuple[str, int, int], list[Record]]:
    letters: dict[tuple[str, int, int], list[Record]] = defaultdict(list)
    for record in sorted(facts.run.records, key=lambda one: (one.at, one.place)):
        if record.topic == LETTERS and record.offset < upto.get((LETTERS, record.partition), 0):
            letters[place_of(record)].append(record)
    return letters


def _raw(text: Optional[str]) -> Optional[bytes]:
    return None if text is None else base64.b64decode(text)


def letters_view(facts: Facts) -> list[Anomaly]:
    letters = _letters(facts, _offsets(facts, "dead_letter_offsets"))
    found: list[Anomaly] = []
    for row in _rows(facts, "dead_letters"):
        place = (row["source_topic"], row["source_partition"], row["source_offset"])
        copies = letters.pop(place, [])
        if not copies:
            found.append(
                Anomaly("projection-divergence", "a dead letter is in the view and not in the log", [row])
            )
        elif row["copies"] != sum(1 for one in copies if redriven_from(one) is None) or (_raw(row["key"]), _raw(row["value"])) != (
            copies[0].key,
            copies[0].value,
        ):
            found.append(
                Anomaly("projection-divergence", "a dead letter differs from the log", [copies[0], row])
            )
    found.extend(
        Anomaly("poll-skip", "the projector went past a dead letter", copies[:1])
        for copies in letters.values()
    )
    return found


def _behind(facts: Facts, table: str) -> Iterable[Anomaly]:
    for row in _rows(facts, table):
        bounds = facts.range_of((row["topic"], row["partition"], 0))
        if bounds and row["next"] < bounds[1]:
            summary = f"{bounds[1] - row['next']} records of {row['topic']}:{row['partition']} are still to be folded at rest"
            yield Anomaly("stuck-projection", summary, [row])


def views_are_complete_at_rest(facts: Facts) -> list[Anomaly]:
    if not facts.run.at_rest:
        return []
    tables = ("order_offsets", "item_offsets", "dead_letter_offsets")
    return [anomaly for table in tables for anomaly in _behind(facts, table)]


CHECKS = (orders_view, items_view, letters_view, views_are_complete_at_rest)
