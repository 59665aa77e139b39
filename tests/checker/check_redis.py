"""Whether Redis holds what the log says it must: invariants I5 and I7."""

from __future__ import annotations

import json
from typing import Any, Optional

from anomaly import Anomaly
from check_stock import sold_by_item
from facts import CannotTell, Facts
from fold import Order
from records import ADJUSTMENTS

STATES = {"C": "COMPLETED", "F": "FAILED", "R": "RESERVED"}


class Generation:
    """The keys of one sale in the generation that is open."""

    def __init__(self, dump: dict[str, Any], sale_id: str) -> None:
        self.run_id = dump.get("run_id")
        self._keys: dict[str, dict[str, Any]] = dump["keys"]
        self._sale = f"{{{sale_id}}}:"
        self.current: dict[str, str] = self._value(f"{self._sale}cur") or {}
        self.epoch = int(self.current.get("epoch", -1))
        self._own = f"{self._sale}e{self.epoch}:"

    def _value(self, name: str) -> Any:
        return self._keys.get(name, {}).get("value")

    def named(self, name: str) -> Any:
        return self._value(self._own + name)

    def starting(self, prefix: str, of_generation: bool = True) -> dict[str, Any]:
        whole = (self._own if of_generation else self._sale) + prefix
        return {
            name[len(whole) :]: entry["value"] for name, entry in self._keys.items() if name.startswith(whole)
        }


def _generation(facts: Facts) -> Generation:
    if facts.run.redis is None:
        raise CannotTell("there is no dump of Redis")
    return Generation(facts.run.redis, facts.run.sale_id)


def fence_is_newest(facts: Facts) -> list[Anomaly]:
    """At rest the store is open, at the newest epoch that was claimed, in the server that it was loaded into."""
    store = _generation(facts)
    if not facts.run.at_rest:
        return []
    newest = max(facts.fold.claims, default=-1)
    wrong: list[str] = []
    if store.current.get("open") != "1":
        wrong.append("it is not open")
    if store.epoch != newest:
        wrong.append(f"it is at epoch {store.epoch} and the newest claim is {newest}")
    if store.run_id and store.current.get("run_id") != store.run_id:
        wrong.append("it was loaded into another server process")
    return (
        [Anomaly("redis-divergence", f"the stock store: {'; '.join(wrong)}", [{"cur": store.current}])]
        if wrong
        else []
    )


def _units(raw: dict[str, str]) -> dict[str, int]:
    return {name: int(raw.get(name, 0)) for name in ("total", "avail", "reserved", "sold")}


def stock_equals_fold(facts: Facts) -> list[Anomaly]:
    store = _generation(facts)
    found: list[Anomaly] = []
    sold = {
        item_id: sum(one.fields["amount"] for one in events)
        for item_id, events in sold_by_item(facts.fold).items()
    }
    stock = {item_id: _units(raw) for item_id, raw in store.starting("stock:").items()}
    for item_id, units in stock.items():
        if units["avail"] + units["reserved"] + units["sold"] != units["total"]:
            found.append(
                Anomaly(
                    "stock-leak", f"the units of {item_id} do not add up", [{"item_id": item_id, **units}]
                )
            )
    if not facts.run.at_rest:
        return found
    for item_id in {*stock, *facts.fold.items}:
        item = facts.fold.items.get(item_id)
        stocked = item.stocked if item else 0
        counted = sold.get(item_id, 0)
        wanted = {"total": stocked, "avail": stocked - counted, "reserved": 0, "sold": counted}
        held = stock.get(item_id)
        if held is not None and held["reserved"] != 0:
            summary = f"{held['reserved']} units of {item_id} stay reserved"
            found.append(Anomaly("stock-leak", summary, [{"item_id": item_id, **held}]))
        elif held != wanted:
            evidence = {"item_id": item_id, "redis": held, "log": wanted}
            found.append(
                Anomaly("redis-divergence", f"the stock of {item_id} differs from the log", [evidence])
            )
    return found


def _parse(text: str) -> tuple[str, tuple[str, str, str], str]:
    """State, payload, and the payment id or the reason of an order's record: state|at|user|item|amount|rest."""
    state, _, user_id, item_id, amount, rest = text.split("|", 5)
    said = rest.split("|", 1)[0] if state == "F" else rest
    return STATES.get(state, state), (user_id, item_id, amount), said


def _judge_record(facts: Facts, key: str, text: str, order: Optional[Order]) -> list[Anomaly]:
    state, _, detail = _parse(text)
    evidence: list[Any] = [{"key": key, "record": text}]
    outcome = order.outcome if order else None
    if order is None or order.first is None:
        return [Anomaly("redis-divergence", f"Redis decided order {key}, which is not in the log", evidence)]
    if state == "RESERVED":
        if not facts.run.at_rest:
            return []
        return [Anomaly("stock-leak", f"order {key} stays reserved", [*evidence, order.first])]
    if outcome is None:
        return []
    said = (
        ("COMPLETED", outcome.fields["payment_id"])
        if order.completed
        else ("FAILED", outcome.fields["reason"])
    )
    if (state, detail) != said:
        return [
            Anomaly("redis-divergence", f"order {key} is {state} {detail} in Redis", [*evidence, outcome])
        ]
    return []


def records_equal_fold(facts: Facts) -> list[Anomaly]:
    store = _generation(facts)
    records = store.starting("order:")
    found: list[Anomaly] = []
    for key, text in records.items():
        found.extend(_judge_record(facts, key, text, facts.fold.orders.get(key)))
    keep_ms = facts.run.settings.get("record_ttl_ms")
    read_at = facts.run.settings.get("collected_at")
    if facts.run.at_rest and keep_ms and read_at:
        for key, order in facts.fold.orders.items():
            outcome = order.outcome
            if outcome is None or order.first is None or key in records or outcome.place in facts.injected:
                continue
            if read_at - outcome.record.at < keep_ms:
                found.append(Anomaly("redis-divergence", f"Redis has forgotten order {key}", [outcome]))
    return found


def buyers_equal_fold(facts: Facts) -> list[Anomaly]:
    store = _generation(facts)
    if not facts.run.at_rest:
        return []
    wanted: dict[str, int] = {}
    for order in facts.fold.orders.values():
        if order.completed:
            fields = order.completed.fields
            buyer = f"{fields['item_id']}:{fields['user_id']}"
            wanted[buyer] = wanted.get(buyer, 0) + fields["amount"]
    units = {buyer: int(value) for buyer, value in store.starting("buyer:").items()}
    return [
        Anomaly(
            "redis-divergence",
            f"buyer {buyer} has {units.get(buyer, 0)} units instead of {wanted.get(buyer, 0)}",
            [],
        )
        for buyer in sorted({*wanted, *units})
        if units.get(buyer, 0) != wanted.get(buyer, 0)
    ]


def commands_equal_fold(facts: Facts) -> list[Anomaly]:
    store = _generation(facts)
    if not facts.run.at_rest:
        return []
    found: list[Anomaly] = []
    known = set(store.named("commands") or ())
    # Whether an item is on sale is looked up in the log, order by order: Redis knows nothing of it.
    wanted = {
        command_id for command_id, copies in facts.fold.commands.items() if copies[0].kind != "SaleChanged"
    }
    for command_id in sorted(known ^ wanted):
        where = "Redis" if command_id in known else "the log"
        evidence = facts.fold.commands.get(command_id, [])[:1]
        found.append(Anomaly("redis-divergence", f"command {command_id} is only in {where}", [*evidence]))
    for partition, next_offset in (store.named("adjusted") or {}).items():
        bounds = facts.range_of((ADJUSTMENTS, int(partition), 0))
        if bounds and int(next_offset) != bounds[1]:
            summary = f"Redis has applied {ADJUSTMENTS}:{partition} up to {next_offset} of {bounds[1]}"
            found.append(Anomaly("redis-divergence", summary, []))
    return found


def answers_are_in_the_log(facts: Facts) -> list[Anomaly]:
    """What the command API remembers as accepted stands where it says."""
    store = _generation(facts)
    found: list[Anomaly] = []
    for key, fields in store.starting("accepted:", of_generation=False).items():
        text = fields.get("accepted") if isinstance(fields, dict) else None
        position = json.loads(text).get("position") if text else None
        if not isinstance(position, dict):
            continue
        record = facts.by_place.get((position["topic"], position["partition"], position["offset"]))
        if record is None or record.key_text != key:
            evidence = [{"accepted": text}] + ([record] if record else [])
            found.append(
                Anomaly("lost-write", f"Redis remembers order {key} at a place where it is not", [*evidence])
            )
    return found


CHECKS = (
    fence_is_newest,
    stock_equals_fold,
    records_equal_fold,
    buyers_equal_fold,
    commands_equal_fold,
    answers_are_in_the_log,
)
