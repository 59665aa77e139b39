"""Histories as a healthy system would leave them, for the checker's own tests: random, with faults, all of it consistent.

Written apart from the checks: this keeps its own books while it appends, as the services do.
"""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path
from typing import Any, Optional

from load import charge_from_line
from records import (
    ADJUSTMENTS,
    EPOCHS,
    LETTERS,
    OUTCOMES,
    REQUESTS,
    RETRIES,
    Operation,
    Record,
    Run,
)

SCHEMAS_FOLDER = Path(__file__).resolve().parents[2] / "schemas"
VERSIONS = {
    1: ("OrderRequested", 2),
    2: ("OrderCompleted", 1),
    3: ("OrderFailed", 2),
    4: ("StockAdjusted", 2),
    5: ("BuyerLimitSet", 1),
    6: ("EpochClaimed", 1),
    7: ("EpochStarted", 1),
    8: ("OrderRequested", 1),
    9: ("StockAdjusted", 1),
    10: ("SaleChanged", 1),
}
IDS = {kind: schema_id for schema_id, (kind, _) in reversed(list(VERSIONS.items()))}
PARTITIONS = 3
SALE = "{sale}:"


def schema_texts() -> dict[int, Optional[str]]:
    return {
        number: (SCHEMAS_FOLDER / kind / f"v{version}.avsc").read_text()
        for number, (kind, version) in VERSIONS.items()
    }


def _number(value: int) -> bytes:
    value = (value << 1) ^ (value >> 63)
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def encode(schema: Any, value: Any) -> bytes:
    if isinstance(schema, list):
        index = 0 if value is None else 1
        return _number(index) + (b"" if value is None else encode(schema[1], value))
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "record":
        return b"".join(encode(field["type"], value[field["name"]]) for field in schema["fields"])
    if kind == "enum":
        return _number(schema["symbols"].index(value))
    if kind == "string":
        return _number(len(value.encode())) + value.encode()
    return _number(value)


PARSED = {schema_id: json.loads(text or "") for schema_id, text in schema_texts().items()}


def framed(kind: str, fields: dict[str, Any], schema_id: Optional[int] = None) -> bytes:
    number = schema_id or IDS[kind]
    return b"\x00" + number.to_bytes(4, "big") + encode(PARSED[number], fields)


class World:
    """A log, a Redis, a PostgreSQL, a payment provider and clients, kept in step."""

    def __init__(self, seed: int, faults: bool = True) -> None:
        self.random = random.Random(seed)
        self.faults = faults
        self.now = 1_700_000_000_000
        self.log: list[Record] = []
        self.ends: dict[tuple[str, int], int] = {}
        self.operations: list[Operation] = []
        self.audits: list[dict[str, Any]] = []
        self.journal: list[dict[str, Any]] = []
        self.timeline: list[dict[str, Any]] = []
        self.epoch = -1
        self.stock: dict[str, dict[str, int]] = {}
        self.records: dict[str, str] = {}
        self.bought: dict[str, int] = {}
        self.commands: list[str] = []
        self.adjustments: dict[str, int] = {}
        self.sales: dict[str, int] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.aside: list[dict[str, Any]] = []
        self.totals: dict[tuple[int, str], list[int]] = {}
        self.letters: list[dict[str, Any]] = []
        self.attempts = 0

    # The log

    def append(
        self,
        topic: str,
        partition: int,
        key: Optional[str],
        value: Optional[bytes],
        headers: Optional[dict[str, bytes]] = None,
    ) -> Record:
        offset = self.ends.get((topic, partition), 0)
        self.ends[(topic, partition)] = offset + 1
        self.now += self.random.randint(0, 3)
        raw = None if key is None else key.encode()
        record = Record(topic, partition, offset, self.now, raw, value, headers or {"ce_id": b"x"})
        self.log.append(record)
        return record

    def home(self, key: str) -> int:
        return sum(key.encode()) % PARTITIONS

    # Operators

    def new_epoch(self) -> None:
        claim = {"claimed_by": "saga-1", "reason": "test", "claimed_at": self.now}
        self.epoch = self.append(EPOCHS, 0, None, framed("EpochClaimed", claim)).offset
        for partition in range(PARTITIONS):
            marker = {"epoch": self.epoch, "started_at": self.now}
            self.append(OUTCOMES, partition, None, framed("EpochStarted", marker))

    def adjust(self, item_id: str, delta: int) -> None:
        command_id = f"c{len(self.commands)}"
        body = {"item_id": item_id, "delta": delta, "reason": "stock", "command_id": command_id}
        self.append(
            ADJUSTMENTS, 0, item_id, framed("StockAdjusted", {**body, "actor": "me", "adjusted_at": self.now, "expected_version": None})
        )
        self.commands.append(command_id)
        self.operate("adjust", command_id, "ok", 202, body, {})
        self.adjustments[item_id] = self.adjustments.get(item_id, 0) + 1
        units = self.stock.setdefault(item_id, {"total": 0, "avail": 0, "reserved": 0, "sold": 0})
        units["total"] += delta
        units["avail"] += delta
        self.audit()

    def change_sale(self, item_id: str, mode: str, version: int, **window: Optional[int]) -> Record:
        body = {"item_id": item_id, "action": "OTHER", "mode": mode, "opens_at": None, "closes_at": None, **window}
        more = {"expected_version": version, "reason": None, "command_id": f"sale{self.now}"}
        self.now += 10
        fields = {**body, **more, "actor": "me", "changed_at": self.now}
        changed = self.append(ADJUSTMENTS, 0, item_id, framed("SaleChanged", fields))
        self.sales[item_id] = self.sales.get(item_id, 0) + 1
        self.operate("sale", more["command_id"], "ok", 202, {**body, "action": "other"}, {})
        self.now += 10
        return changed

    def audit(self) -> None:
        self.now += 2
        items = {item_id: dict(units) for item_id, units in self.stock.items()}
        self.audits.append({"at": self.now, "epoch": self.epoch, "open": True, "items": items})
        self.now += 2

    # Clients

    def operate(
        self,
        op: str,
        key: str,
        outcome: str,
        status: Optional[int],
        body: dict[str, Any],
        answer: dict[str, Any],
    ) -> Operation:
        self.now += 1
        begun = self.now - 1
        done = Operation(op, outcome, key, "b1", begun, self.now, begun, self.now, status, body, answer)
        self.operations.append(done)
        return done

    def read(self, key: str) -> None:
        row = self.orders.get(key)
        if row and row["request_offset"] is not None:
            answer = {name: row[name] for name in ("request_id", "user_id", "item_id", "amount", "status")}
            self.operate("read", key, "ok", 200, {}, answer)

    # Views

    def total(self, at: int, status: str, units: Optional[int]) -> None:
        total = self.totals.setdefault((at // 1000, status), [0, 0])
        total[0] += 1
        total[1] += units or 0

    def set_aside(self, record: Record, is_void: bool) -> None:
        self.aside.append(
            {
                "topic": record.topic,
                "partition": record.partition,
                "offset": record.offset,
                "is_void": is_void,
            }
        )

    def project(self, part: str, record: Record, fields: dict[str, Any], status: Optional[str]) -> None:
        empty = {
            f"{name}_{what}": None
            for name in ("request", "outcome")
            for what in ("partition", "offset", "appended_at")
        }
        row = self.orders.setdefault(
            fields["request_id"],
            {
                **empty,
                "request_id": fields["request_id"],
                "status": "PENDING",
                "requested_at": None,
                "decided_at": None,
                "epoch": None,
                "payment_id": None,
            },
        )
        if row[f"{part}_offset"] is not None:
            self.set_aside(record, False)
            return
        row.update(
            {
                f"{part}_partition": record.partition,
                f"{part}_offset": record.offset,
                f"{part}_appended_at": record.at,
            }
        )
        if part == "request" or row["request_offset"] is None:
            row.update({name: fields[name] for name in ("user_id", "item_id", "amount")})
        if status is None:
            row["requested_at"] = fields["requested_at"]
            self.total(record.at, "ACCEPTED", fields["amount"])
            return
        when = fields.get("completed_at", fields.get("failed_at"))
        row.update(status=status, decided_at=when, epoch=fields["epoch"], payment_id=fields.get("payment_id"))
        self.total(record.at, status, fields["amount"])

    # An order's life

    def request(self, key: str, body: dict[str, Any]) -> Record:
        fields = {**body, "requested_at": self.now, "sales_channel": None}
        schema_id = 8 if self.random.random() < 0.2 else 1
        record = self.append(REQUESTS, self.home(key), key, framed("OrderRequested", fields, schema_id))
        self.project("request", record, fields, None)
        return record

    def buy(self, key: str, item_id: str, amount: int) -> dict[str, Any]:
        body = {
            "user_id": f"u{self.random.randint(0, 9)}",
            "item_id": item_id,
            "amount": amount,
            "request_id": key,
        }
        roll = self.random.random()
        if roll < 0.1:
            self.operate("buy", key, "fail", 503, body, {})
        if self.faults and roll > 0.9:
            self.request(key, body)
            self.operate("buy", key, "info", None, body, {})
        record = self.request(key, body)
        position = f"{REQUESTS}:{record.partition}:{record.offset}"
        self.operate("buy", key, "ok", 202, body, {"position": position})
        self.read(key)
        return body

    def reserve(self, body: dict[str, Any]) -> bool:
        units = self.stock.get(body["item_id"])
        if units is None or units["avail"] < body["amount"]:
            return False
        units["avail"] -= body["amount"]
        units["reserved"] += body["amount"]
        self.audit()
        return True

    def charge(self, body: dict[str, Any], declined: bool) -> Optional[str]:
        key = f"{body['request_id']}:{self.epoch}"
        if declined:
            self.journal.append({"op": "declined", "key": key, "requestId": body["request_id"]})
            return None
        payment_id = f"pay-{key}"
        self.journal.append(
            {
                "op": "charged",
                "key": key,
                "requestId": body["request_id"],
                "amount": body["amount"],
                "paymentId": payment_id,
            }
        )
        return payment_id

    def settle(self, body: dict[str, Any], to: str) -> None:
        units = self.stock[body["item_id"]]
        units["reserved"] -= body["amount"]
        units[to] += body["amount"]
        if to == "sold":
            buyer = f"{body['item_id']}:{body['user_id']}"
            self.bought[buyer] = self.bought.get(buyer, 0) + body["amount"]
        self.audit()

    def outcome(
        self, body: dict[str, Any], payment_id: Optional[str], reason: str = ""
    ) -> tuple[str, dict[str, Any]]:
        fields = {name: body[name] for name in ("request_id", "user_id", "item_id", "amount")}
        fields["epoch"] = self.epoch
        if payment_id:
            return "OrderCompleted", {**fields, "payment_id": payment_id, "completed_at": self.now}
        return "OrderFailed", {**fields, "reason": reason, "failed_at": self.now, "detail": None}

    def emit(self, kind: str, fields: dict[str, Any], void: bool = False) -> Record:
        key = fields["request_id"]
        record = self.append(OUTCOMES, self.home(key), key, framed(kind, fields))
        if void:
            self.set_aside(record, True)
            return record
        self.project(
            "outcome",
            record,
            fields,
            "COMPLETED" if kind == "OrderCompleted" else f"FAILED_{fields['reason']}",
        )
        state = "C" if kind == "OrderCompleted" else "F"
        payload = f"{fields['user_id']}|{fields['item_id']}|{fields['amount']}" if fields["user_id"] else "||"
        self.records[key] = f"{state}|{self.now}|{payload}|{fields.get('payment_id') or fields.get('reason')}"
        return record

    def decide(self, body: dict[str, Any], lost: bool = False) -> None:
        """With `lost`, Redis is emptied between settlement and emission, and the order is decided anew."""
        if body["item_id"] not in self.stock:
            self.emit(*self.outcome(body, None, "UNKNOWN_ITEM"))
        elif not self.reserve(body):
            self.audit()
            self.emit(*self.outcome(body, None, "SOLD_OUT"))
            self.audit()
        else:
            self._pay(body, lost)
        if self.faults and self.random.random() < 0.1:
            last = next(
                record
                for record in reversed(self.log)
                if record.topic == OUTCOMES and record.key == body["request_id"].encode()
            )
            self.set_aside(self.append(OUTCOMES, last.partition, body["request_id"], last.value), False)
        self.read(body["request_id"])

    def _pay(self, body: dict[str, Any], lost: bool) -> None:
        payment_id = self.charge(body, declined=self.random.random() < 0.15)
        if lost and payment_id:
            kind, fields = self.outcome(body, payment_id)
            self.stock[body["item_id"]]["reserved"] -= body["amount"]
            self.stock[body["item_id"]]["avail"] += body["amount"]
            dead = self.epoch
            self.new_epoch()
            self.emit(kind, fields, void=True)
            self.journal.append(
                {"op": "cancelled", "key": f"{body['request_id']}:{dead}", "wasCharged": True}
            )
            self.reserve(body)
            payment_id = self.charge(body, declined=False)
        self.settle(body, "sold" if payment_id else "avail")
        kind, fields = self.outcome(body, payment_id, "PAYMENT")
        self.emit(kind, fields)
        if not payment_id:
            self.journal.append(
                {"op": "cancelled", "key": f"{body['request_id']}:{self.epoch}", "wasCharged": False}
            )

    # What cannot be processed

    def park(self, source: Record, reason: str) -> None:
        headers = {
            **source.headers,
            "dlq-source-topic": source.topic.encode(),
            "dlq-source-partition": str(source.partition).encode(),
            "dlq-source-offset": str(source.offset).encode(),
            "dlq-reason": reason.encode(),
        }
        key = None if source.key is None else source.key.decode()
        letter = self.append(LETTERS, source.partition, key, source.value, headers)
        raw = {
            name: None if value is None else base64.b64encode(value).decode()
            for name, value in (("key", letter.key), ("value", letter.value))
        }
        place = {
            "source_topic": source.topic,
            "source_partition": source.partition,
            "source_offset": source.offset,
        }
        self.letters.append({**place, **raw, "copies": 1})

    def poison(
        self, key: str, value: Optional[bytes] = b"\x00\x00\x00\x00\x01\x02", reason: str = "UNDECODABLE"
    ) -> Record:
        record = self.append(REQUESTS, self.home(key), key, value)
        self.operate(
            "inject",
            key,
            "ok",
            None,
            {},
            {"topic": REQUESTS, "partition": record.partition, "offset": record.offset},
        )
        self.park(record, reason)
        nothing = {"request_id": key, "user_id": None, "item_id": None, "amount": None}
        self.emit(*self.outcome(nothing, None, "UNPROCESSABLE"))
        return record

    def conflict(self, body: dict[str, Any]) -> Record:
        other = {**body, "amount": body["amount"] + 1}
        record = self.request(body["request_id"], other)
        self.operate("buy", body["request_id"], "info", None, other, {})
        self.park(record, "CONFLICT")
        return record

    # The run

    def run(self) -> Run:
        self.now += 1000
        ranges = {topic: {} for topic in (REQUESTS, OUTCOMES, ADJUSTMENTS, EPOCHS, RETRIES, LETTERS)}
        for (topic, partition), end in self.ends.items():
            ranges[topic][partition] = (0, end)
        committed = {REQUESTS: {partition: bounds[1] for partition, bounds in ranges[REQUESTS].items()}}
        return Run(
            records=list(self.log),
            schemas=schema_texts(),
            ranges=ranges,
            committed={"saga": committed},
            operations=list(self.operations),
            audits=list(self.audits),
            redis=self._redis(),
            postgres=self._postgres(),
            charges=[charge_from_line(line) for line in self.journal],
            timeline=[{"at": self.now, "event": "fault", "name": "test"}] if self.faults else [],
            exits=[{"process": "saga-1", "code": None, "signal": "SIGKILL", "planned": True}],
            settings={
                "at_rest": True,
                "sale_id": "sale",
                "collected_at": self.now,
                "record_ttl_ms": 3_600_000,
            },
        )

    def _redis(self) -> dict[str, Any]:
        own = f"{SALE}e{self.epoch}:"
        keys: dict[str, Any] = {f"{SALE}cur": {"epoch": str(self.epoch), "open": "1", "run_id": "r1"}}
        for item_id, units in self.stock.items():
            keys[f"{own}stock:{item_id}"] = {name: str(value) for name, value in units.items()}
        for key, text in self.records.items():
            keys[f"{own}order:{key}"] = text
        for buyer, units in self.bought.items():
            keys[f"{own}buyer:{buyer}"] = str(units)
        keys[f"{own}commands"] = list(self.commands)
        keys[f"{own}adjusted"] = {"0": str(self.ends.get((ADJUSTMENTS, 0), 0))}
        return {
            "run_id": "r1",
            "keys": {name: {"type": "any", "value": value, "pttl": -1} for name, value in keys.items()},
        }

    def _offsets(self, *topics: str) -> list[dict[str, Any]]:
        return [
            {"topic": topic, "partition": partition, "next": end}
            for (topic, partition), end in self.ends.items()
            if topic in topics
        ]

    def _postgres(self) -> dict[str, list[dict[str, Any]]]:
        sales: dict[str, dict[str, Any]] = {}
        for row in self.orders.values():
            if row["item_id"] is None:
                continue
            counts = sales.setdefault(
                row["item_id"],
                dict.fromkeys(
                    ("pending_units", "sold_units", "pending_orders", "completed_orders", "failed_orders"), 0
                ),
            )
            if row["status"] == "COMPLETED":
                counts["completed_orders"] += 1
                counts["sold_units"] += row["amount"]
            else:
                counts["failed_orders"] += 1
        return {
            "orders": [dict(row) for row in self.orders.values()],
            "order_offsets": self._offsets(REQUESTS, OUTCOMES),
            "item_sales": [{"item_id": item_id, **counts} for item_id, counts in sales.items()],
            "order_totals": [
                {"second": second, "status": status, "orders": total[0], "units": total[1]}
                for (second, status), total in self.totals.items()
            ],
            "events_set_aside": list(self.aside),
            "item_stock": [
                {
                    "item_id": item_id,
                    "stocked": units["total"],
                    "units_max": None,
                    "stock_version": self.adjustments.get(item_id, 0),
                    "sale_version": self.sales.get(item_id, 0),
                }
                for item_id, units in self.stock.items()
            ],
            "item_offsets": self._offsets(ADJUSTMENTS),
            "dead_letters": list(self.letters),
            "dead_letter_offsets": self._offsets(LETTERS),
        }


def healthy(seed: int, faults: bool = True, orders: int = 60) -> World:
    world = World(seed, faults)
    world.new_epoch()
    for item in range(3):
        world.adjust(f"item{item}", world.random.randint(5, 30))
    for number in range(orders):
        body = world.buy(f"o{number}", f"item{world.random.randint(0, 3)}", world.random.randint(1, 3))
        world.decide(body, lost=faults and world.random.random() < 0.05)
        if world.random.random() < 0.05:
            world.poison(f"p{number}")
        if faults and world.random.random() < 0.05:
            world.conflict(body)
        if world.random.random() < 0.05:
            world.adjust(f"item{world.random.randint(0, 2)}", world.random.randint(1, 5))
    return world
