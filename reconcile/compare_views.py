"""PostgreSQL against a fold of the log up to the offsets that stand beside its rows: being behind is no difference."""

from __future__ import annotations

from typing import Union

from difference import Difference, offsets_of
from fold import Fold, Order, fold_prefix
from item_sales import expected_sales, summed_sales
from letter_places import place_of
from order_row import Row, expected_row
from records import LETTERS, Event, Poison, Record, show_place

Tables = dict[str, list[Row]]
Log = list[Union[Event, Poison]]


def _upto(tables: Tables, name: str) -> dict[tuple[str, int], int]:
    return {(row["topic"], row["partition"]): row["next"] for row in tables[name]}


def _differing(expected: Row, row: Row) -> tuple[Row, Row]:
    names = [name for name in expected if name in row and row[name] != expected[name]]
    return {name: expected[name] for name in names}, {name: row[name] for name in names}


def _compare_row(order: Order, row: Row) -> list[Difference]:
    expected, actual = _differing(expected_row(order), row)
    if not expected:
        return []
    name = "wrong-status" if "status" in expected else "wrong-row"
    return [Difference(name, order.key, expected, actual, offsets_of([order.request, order.outcome]))]


def _compare_orders(fold: Fold, rows: dict[str, Row]) -> list[Difference]:
    found: list[Difference] = []
    for key, order in fold.orders.items():
        if not (order.request or order.outcome):
            continue
        row = rows.pop(key, None)
        if row is None:
            places = offsets_of([order.request, order.outcome])
            found.append(Difference("missing-row", key, expected_row(order), None, places))
        else:
            found.extend(_compare_row(order, row))
    found.extend(Difference("extra-row", key, None, {"status": row["status"]}) for key, row in rows.items())
    return found


def _compare_sales(fold: Fold, rows: list[Row]) -> list[Difference]:
    wanted, shown = expected_sales(fold), summed_sales(rows)
    return [
        Difference("wrong-sales-row", item_id, *_differing(wanted[item_id], shown[item_id]))
        for item_id in sorted({*wanted, *shown})
        if wanted[item_id] != shown[item_id]
    ]


def compare_orders(log: Log, tables: Tables) -> list[Difference]:
    fold = fold_prefix(log, _upto(tables, "order_offsets"))
    rows = {row["request_id"]: row for row in tables["orders"]}
    return [*_compare_orders(fold, rows), *_compare_sales(fold, tables["item_sales"])]


def compare_items(log: Log, tables: Tables) -> list[Difference]:
    fold = fold_prefix(log, _upto(tables, "item_offsets"))
    rows = {row["item_id"]: row for row in tables["item_stock"]}
    found: list[Difference] = []
    for item_id, item in fold.items.items():
        wanted = {
            "stocked": item.stocked,
            "units_max": item.units_max,
            "stock_version": item.version("StockAdjusted"),
            "sale_version": item.version("SaleChanged"),
        }
        row = rows.pop(item_id, None)
        expected, actual = (wanted, None) if row is None else _differing(wanted, row)
        if expected:
            places = offsets_of(item.commands[-5:])
            found.append(Difference("wrong-item-row", item_id, expected, actual, places))
    for item_id, row in rows.items():
        found.append(Difference("wrong-item-row", item_id, None, {"stocked": row["stocked"]}))
    return found


def compare_letters(letters: list[Record], tables: Tables) -> list[Difference]:
    upto = _upto(tables, "dead_letter_offsets")
    parked: dict[str, str] = {}
    for letter in letters:
        if letter.offset < upto.get((LETTERS, letter.partition), 0):
            parked.setdefault(show_place(place_of(letter)), show_place(letter.place))
    shown = {
        f"{row['source_topic']}:{row['source_partition']}:{row['source_offset']}"
        for row in tables["dead_letters"]
    }
    return [
        *(Difference("missing-letter", key, "parked", None, [parked[key]]) for key in parked.keys() - shown),
        *(Difference("extra-letter", key, None, "shown") for key in shown - parked.keys()),
    ]
