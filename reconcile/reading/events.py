"""From a record to an event, or to the reason why it is none. Rules are those of the published schemas' own texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Callable, Optional, Union

from avro import DecodeError, Schema, framed_schema_id
from records import (
    ADJUSTMENTS,
    EPOCHS,
    OUTCOMES,
    REQUESTS,
    RETRIES,
    Event,
    Poison,
    Record,
)

KINDS: dict[str, tuple[str, ...]] = {
    REQUESTS: ("OrderRequested",),
    RETRIES: ("OrderRequested",),
    OUTCOMES: ("OrderCompleted", "OrderFailed", "EpochStarted"),
    ADJUSTMENTS: ("StockAdjusted", "BuyerLimitSet", "SaleChanged"),
    EPOCHS: ("EpochClaimed",),
}
REASONS = (
    "SOLD_OUT",
    "PAYMENT",
    "LIMIT_EXCEEDED",
    "SALE_CLOSED",
    "UNKNOWN_ITEM",
    "EXPIRED",
    "UNPROCESSABLE",
    "OTHER",
)
ACTIONS = ("OPEN", "PAUSE", "RESUME", "CLOSE", "SCHEDULE", "OTHER")
MODES = ("OPEN", "PAUSED", "CLOSED")
CHANNELS = ("WEB", "APP", "PARTNER", "OTHER")

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")
BAD_IN_LINE = re.compile("[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]")
COUNT_MAX = 2**53 - 2

Rule = Callable[[Any], bool]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and NAME.match(value) is not None


def _is_line(value: Any, most: int = 301) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= most
        and bool(value.strip("\ufeff \t"))
        and not BAD_IN_LINE.search(value)
    )


def _is_integer(least: int, most: int) -> Rule:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 1000 and "\u0000" not in value


def _or_none(rule: Rule) -> Rule:
    return lambda value: value is None or rule(value)


_is_amount = _is_integer(1, 1000)
_is_count = _is_integer(0, COUNT_MAX)

RULES: dict[str, dict[str, Rule]] = {
    "OrderRequested": {
        "request_id": _is_line,
        "user_id": _is_name,
        "item_id": _is_name,
        "amount": _is_amount,
        "requested_at": _is_count,
    },
    "OrderCompleted": {
        "request_id": _is_line,
        "user_id": _is_name,
        "item_id": _is_name,
        "amount": _is_amount,
        "epoch": _is_count,
        "payment_id": lambda value: _is_line(value, 1000),
        "completed_at": _is_count,
    },
    "OrderFailed": {
        "request_id": _is_line,
        "user_id": _or_none(_is_name),
        "item_id": _or_none(_is_name),
        "amount": _or_none(_is_amount),
        "epoch": _is_count,
        "failed_at": _is_count,
    },
    "StockAdjusted": {
        "item_id": _is_name,
        "delta": lambda value: _is_integer(-1_000_000_000, 1_000_000_000)(value) and value != 0,
        "reason": _is_text,
        "command_id": _is_line,
        "adjusted_at": _is_count,
        "expected_version": _or_none(_is_count),
    },
    "BuyerLimitSet": {
        "item_id": _is_name,
        "units_max": _or_none(_is_integer(0, 1_000_000_000)),
        "command_id": _is_line,
        "set_at": _is_count,
    },
    "SaleChanged": {
        "item_id": _is_name,
        "mode": lambda value: value in MODES,
        "opens_at": _or_none(_is_count),
        "closes_at": _or_none(_is_count),
        "expected_version": _is_count,
        "command_id": _is_line,
        "changed_at": _is_count,
    },
    "EpochClaimed": {"claimed_at": _is_count},
    "EpochStarted": {"epoch": _is_count, "started_at": _is_count},
}
KEYED_BY: dict[str, str] = {
    kind: "request_id" for kind in ("OrderRequested", "OrderCompleted", "OrderFailed")
}


class UnknownSchema(Exception):
    """A schema id that was neither dumped nor denied by the registry: the checker cannot tell."""


class Decoder:
    """Reads records with writers' schemas, given as text by id; None is an id that the registry does not know."""

    def __init__(self, schemas: dict[int, Optional[str]]) -> None:
        self._texts = schemas
        self._read: dict[int, Optional[Schema]] = {}

    def _schema(self, schema_id: int) -> Optional[Schema]:
        if schema_id not in self._read:
            if schema_id not in self._texts:
                raise UnknownSchema(f"schema {schema_id} was not collected")
            text = self._texts[schema_id]
            self._read[schema_id] = None if text is None else _schema_or_none(text)
        return self._read[schema_id]

    def read(self, record: Record) -> Union[Event, Poison]:
        if record.value is None:
            return Poison(record, "NULL_VALUE", "no value")
        try:
            schema = self._schema(framed_schema_id(record.value))
        except DecodeError as error:
            return Poison(record, "NOT_FRAMED", str(error))
        if schema is None:
            return Poison(record, "UNKNOWN_SCHEMA", "the registry does not know the schema")
        kind = schema.name.rpartition(".")[2]
        if not schema.name.startswith("flashsale.") or kind not in KINDS.get(record.topic, ()):
            return Poison(record, "FOREIGN_TYPE", f"{schema.name} has no place on {record.topic}")
        try:
            fields = schema.decode(record.value, 5)
        except DecodeError as error:
            return Poison(record, "UNDECODABLE", str(error))
        return _trusted(record, kind, _today(kind, fields))


def _schema_or_none(text: str) -> Optional[Schema]:
    try:
        return Schema(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _today(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Words of later versions read as OTHER; members of later versions are absent before them."""
    if kind == "OrderFailed":
        reason = fields["reason"] if fields["reason"] in REASONS else "OTHER"
        return {**fields, "reason": reason, "detail": fields.get("detail")}
    if kind == "OrderRequested":
        channel = fields.get("sales_channel")
        known = channel if channel is None or channel in CHANNELS else "OTHER"
        return {**fields, "sales_channel": known}
    if kind == "SaleChanged":
        return {
            **fields,
            "mode": fields["mode"] if fields["mode"] in MODES else "PAUSED",
            "action": fields["action"] if fields["action"] in ACTIONS else "OTHER",
        }
    if kind == "StockAdjusted":
        return {**fields, "expected_version": fields.get("expected_version")}
    return fields


def _trusted(record: Record, kind: str, fields: dict[str, Any]) -> Union[Event, Poison]:
    for name, rule in RULES[kind].items():
        if not rule(fields.get(name)):
            return Poison(record, "INVALID_FIELD", f"{kind}.{name} is {json.dumps(fields.get(name))[:100]}")
    keyed_by = KEYED_BY.get(kind)
    if keyed_by and record.key_text != fields[keyed_by]:
        return Poison(record, "INVALID_FIELD", "the key is not the request_id of the event")
    return Event(record, kind, fields)


def read_all(decoder: Decoder, records: Iterable[Record]) -> list[Union[Event, Poison]]:
    """In the order of the log within each partition."""
    ordered = sorted((record for record in records if record.topic in KINDS), key=lambda record: record.place)
    return [decoder.read(record) for record in ordered]
