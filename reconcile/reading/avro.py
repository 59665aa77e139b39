"""Avro, written from the specification: the checker must not share a decoder with what it checks.

A schema becomes a function (bytes, position) -> (value, position). Values keep what the writer wrote: no resolution
against a reader's schema happens here.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Callable

Decoder = Callable[[bytes, int], tuple[Any, int]]


class DecodeError(Exception):
    """The bytes are not what the schema says."""


def _long(data: bytes, at: int) -> tuple[int, int]:
    shift = 0
    result = 0
    while True:
        if at >= len(data):
            raise DecodeError("the body ends too early")
        byte = data[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (result >> 1) ^ -(result & 1), at
        shift += 7
        if shift > 63:
            raise DecodeError("a number of more than 64 bits")


def _take(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if size < 0 or at + size > len(data):
        raise DecodeError("the body ends too early")
    return data[at : at + size], at + size


def _bytes(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = _long(data, at)
    return _take(data, at, size)


def _string(data: bytes, at: int) -> tuple[str, int]:
    raw, at = _bytes(data, at)
    return raw.decode("utf-8", "replace"), at


def _boolean(data: bytes, at: int) -> tuple[bool, int]:
    raw, at = _take(data, at, 1)
    if raw not in (b"\x00", b"\x01"):
        raise DecodeError("a boolean that is neither 0 nor 1")
    return raw == b"\x01", at


def _packed(layout: str) -> Decoder:
    size = struct.calcsize(layout)

    def decode(data: bytes, at: int) -> tuple[float, int]:
        raw, at = _take(data, at, size)
        return struct.unpack(layout, raw)[0], at

    return decode


def _null(_data: bytes, at: int) -> tuple[None, int]:
    return None, at


PRIMITIVES: dict[str, Decoder] = {
    "null": _null,
    "boolean": _boolean,
    "int": _long,
    "long": _long,
    "float": _packed("<f"),
    "double": _packed("<d"),
    "bytes": _bytes,
    "string": _string,
}


def _blocks(data: bytes, at: int) -> tuple[int, int]:
    """The item count of the next block of an array or a map; a negative one is followed by the block's size."""
    count, at = _long(data, at)
    if count < 0:
        _, at = _long(data, at)
        return -count, at
    return count, at


def _array(item: Decoder) -> Decoder:
    def decode(data: bytes, at: int) -> tuple[list, int]:
        items: list = []
        count, at = _blocks(data, at)
        while count:
            if count > len(data):
                raise DecodeError("a block longer than the body")
            for _ in range(count):
                value, at = item(data, at)
                items.append(value)
            count, at = _blocks(data, at)
        return items, at

    return decode


def _map(item: Decoder) -> Decoder:
    pair = _array(lambda data, at: _pair(item, data, at))

    def decode(data: bytes, at: int) -> tuple[dict, int]:
        pairs, at = pair(data, at)
        return dict(pairs), at

    return decode


def _pair(item: Decoder, data: bytes, at: int) -> tuple[tuple[str, Any], int]:
    key, at = _string(data, at)
    value, at = item(data, at)
    return (key, value), at


def _pick(options: list, data: bytes, at: int, what: str) -> tuple[Any, int]:
    index, at = _long(data, at)
    if not 0 <= index < len(options):
        raise DecodeError(f"{what} {index} of {len(options)}")
    return options[index], at


class _Compiler:
    def __init__(self) -> None:
        self.named: dict[str, Decoder] = {}

    def compile(self, schema: Any, namespace: str) -> Decoder:
        if isinstance(schema, str):
            return self._reference(schema, namespace)
        if isinstance(schema, list):
            branches = [self.compile(branch, namespace) for branch in schema]

            def decode(data: bytes, at: int) -> tuple[Any, int]:
                branch, at = _pick(branches, data, at, "branch")
                return branch(data, at)

            return decode
        kind = schema["type"]
        if kind in ("record", "enum", "fixed"):
            return self._define(kind, schema, namespace)
        if kind == "array":
            return _array(self.compile(schema["items"], namespace))
        if kind == "map":
            return _map(self.compile(schema["values"], namespace))
        return self.compile(kind, namespace)

    def _reference(self, name: str, namespace: str) -> Decoder:
        if name in PRIMITIVES:
            return PRIMITIVES[name]
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        # Looked up when it is used: a record may hold itself.
        return lambda data, at: self.named[full](data, at)

    def _define(self, kind: str, schema: dict[str, Any], namespace: str) -> Decoder:
        inner = schema.get("namespace", namespace)
        name = schema["name"]
        full = name if "." in name or not inner else f"{inner}.{name}"
        if kind == "fixed":
            size = schema["size"]
            self.named[full] = lambda data, at: _take(data, at, size)
        elif kind == "enum":
            symbols = schema["symbols"]
            self.named[full] = lambda data, at: _pick(symbols, data, at, "symbol")
        else:
            self.named[full] = self._record(schema, inner)
        return self.named[full]

    def _record(self, schema: dict[str, Any], namespace: str) -> Decoder:
        fields = [(field["name"], self.compile(field["type"], namespace)) for field in schema["fields"]]

        def decode(data: bytes, at: int) -> tuple[dict[str, Any], int]:
            record: dict[str, Any] = {}
            for name, read in fields:
                record[name], at = read(data, at)
            return record, at

        return decode


class Schema:
    """A writer's schema: its full name, and how to read bytes written with it."""

    def __init__(self, text: str) -> None:
        parsed = json.loads(text)
        is_record = isinstance(parsed, dict) and parsed.get("type") == "record"
        name = parsed.get("name", "") if is_record else ""
        namespace = parsed.get("namespace", "") if is_record else ""
        self.name = name if "." in name or not namespace else f"{namespace}.{name}"
        self._decode = _Compiler().compile(parsed, "")

    def decode(self, data: bytes, at: int = 0) -> Any:
        """The value of all bytes from `at`. Raises DecodeError when they are too few or too many."""
        try:
            value, end = self._decode(data, at)
        except (DecodeError, RecursionError) as error:
            raise DecodeError(str(error)) from error
        if end != len(data):
            raise DecodeError(f"{len(data) - end} bytes too many")
        return value


def framed_schema_id(value: bytes) -> int:
    """The schema id of a Confluent-framed value: a zero byte, then the id as int32. Raises DecodeError."""
    if len(value) < 5 or value[0] != 0:
        raise DecodeError("not framed")
    schema_id = struct.unpack(">i", value[1:5])[0]
    if schema_id < 0:
        raise DecodeError("not framed")
    return schema_id
