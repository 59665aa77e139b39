"""Reads a running system. Nothing is written, nothing is locked, no group is joined."""

from __future__ import annotations

import json
import sys
import time
import urllib.error
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Union

from avro import DecodeError, framed_schema_id
from compare_stock import StockSample
from events import Decoder
from fetch import fetch, without_credentials
from records import LETTERS, TOPICS, Event, Poison, Record
from wire_kafka import Cluster
from wire_postgres import Postgres
from wire_redis import Redis

TABLES = (
    "orders",
    "order_offsets",
    "item_sales",
    "item_stock",
    "item_offsets",
    "dead_letters",
    "dead_letter_offsets",
)
HTTP_TIMEOUT_SECONDS = 30
SAY_EVERY_RECORDS = 20_000

Offsets = dict[str, dict[int, int]]


class CannotTell(Exception):
    """Something that is needed is missing or does not hold still; neither a difference nor its absence."""


def say(text: str) -> None:
    """A notice for a person who waits."""
    print(text, file=sys.stderr, flush=True)


def read_journal(url: str) -> list[dict[str, Any]]:
    """What happened to money, oldest first. A last line that is still being written counts for nothing."""
    try:
        text = fetch(url, HTTP_TIMEOUT_SECONDS).decode("utf-8")
    except OSError as error:
        raise CannotTell(f"{without_credentials(url)} does not answer: {error}") from error
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines() if line]


def read_views(url: str) -> dict[str, list[dict[str, Any]]]:
    """All tables at one moment. The log must be read after this, so that it holds whatever the views have folded."""
    database = Postgres(url)
    try:
        database.query("begin transaction isolation level repeatable read read only")
        return {table: database.query(f"select * from views.{table}") for table in TABLES}
    finally:
        database.close()


class LiveDecoder:
    """Decodes with schemas that are asked for when they are met first."""

    def __init__(self, registry: str) -> None:
        self._registry = registry.rstrip("/")
        self._texts: dict[int, Optional[str]] = {}
        self._decoder = Decoder(self._texts)

    def read(self, record: Record) -> Union[Event, Poison]:
        try:
            schema_id = framed_schema_id(record.value or b"")
            if schema_id not in self._texts:
                self._texts[schema_id] = self._schema(schema_id)
        except DecodeError:
            pass
        return self._decoder.read(record)

    def _schema(self, schema_id: int) -> Optional[str]:
        try:
            text: str = json.loads(fetch(f"{self._registry}/schemas/ids/{schema_id}", HTTP_TIMEOUT_SECONDS))["schema"]
            return text
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise


@dataclass
class LiveLog:
    """The log as far as it was read; `read_on` goes on from there."""

    cluster: Cluster
    decoder: LiveDecoder
    events: list[Union[Event, Poison]] = field(default_factory=list)
    letters: list[Record] = field(default_factory=list)
    next: Offsets = field(default_factory=lambda: {topic: {} for topic in TOPICS})
    records: int = 0
    known: int = 0
    """How many there were at the last look at the ends."""

    def ends(self) -> Offsets:
        """What the next record of each partition will get."""
        return {
            topic: {
                partition: self.cluster.range_of(topic, partition)[1]
                for partition in sorted(self.cluster.leaders.get(topic, {}))
            }
            for topic in TOPICS
        }

    def read_on(self) -> Offsets:
        """Reads up to the ends of this moment, and gives them back."""
        ends = self.ends()
        self.known = self.records + sum(
            max(0, end - self.next[topic].get(partition, 0))
            for topic, partitions in ends.items()
            for partition, end in partitions.items()
        )
        for topic, partitions in ends.items():
            for partition, end in partitions.items():
                self._read_partition(topic, partition, end)
        return ends

    def _read_partition(self, topic: str, partition: int, end: int) -> None:
        low = self.next[topic].get(partition)
        if low is None:
            low = self.cluster.range_of(topic, partition)[0]
            if low > 0:
                raise CannotTell(f"{topic}:{partition} begins at {low}: events are gone from the log")
        for record in self.cluster.read(topic, partition, low, end):
            if topic == LETTERS:
                self.letters.append(record)
            else:
                self.events.append(self.decoder.read(record))
            self.records += 1
            if self.records % SAY_EVERY_RECORDS == 0:
                say(f"reading the log: {self.records:,} of {self.known:,} records")
        self.next[topic][partition] = end


def _numbers(raw: dict[str, str]) -> dict[str, int]:
    return {name: int(raw.get(name, 0)) for name in ("total", "avail", "reserved", "sold")}


def _pairs(flat: list[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2]))


def _now(server: Redis) -> int:
    seconds, micros = server.call("TIME")
    return int(seconds) * 1000 + int(micros) // 1000


class Generation:
    """The stock store as reconcile sees it: reading commands only."""

    def __init__(self, server: Redis, sale_id: str) -> None:
        self._server = server
        self._sale = f"{{{sale_id}}}:"

    def current(self) -> dict[str, str]:
        return _pairs(self._server.call("HGETALL", f"{self._sale}cur"))

    def sample(self) -> Optional[StockSample]:
        """None while no generation is open, or when another one opened meanwhile."""
        current = self.current()
        if current.get("open") != "1":
            return None
        own = f"{self._sale}e{current['epoch']}:"
        items = sorted(self._server.call("SMEMBERS", f"{own}items"))
        answers = self._server.pipeline(
            [
                ("MULTI",),
                ("TIME",),
                ("HGETALL", f"{own}adjusted"),
                ("SMEMBERS", f"{own}commands"),
                *(("HGETALL", f"{own}stock:{item_id}") for item_id in items),
                ("EXEC",),
            ]
        )[-1]
        (seconds, micros), adjusted, commands, *stock = answers
        orders = self._strings(f"{own}order:")
        buyers = self._strings(f"{own}buyer:")
        until = _now(self._server)
        if self.current() != current:
            return None
        return StockSample(
            epoch=int(current["epoch"]),
            at=int(seconds) * 1000 + int(micros) // 1000,
            until=until,
            stock={item_id: _numbers(_pairs(units)) for item_id, units in zip(items, stock)},
            adjusted={int(partition): int(offset) for partition, offset in _pairs(adjusted).items()},
            commands=set(commands),
            orders=orders,
            buyers={buyer: int(units) for buyer, units in buyers.items()},
        )

    def records(self, epoch: int, keys: list[str]) -> dict[str, Optional[str]]:
        """Orders' records as they are now."""
        found: dict[str, Optional[str]] = {}
        for at in range(0, len(keys), 500):
            some = keys[at : at + 500]
            names = [f"{self._sale}e{epoch}:order:{key}" for key in some]
            found.update(zip(some, self._server.call("MGET", *names)))
        return found

    def _strings(self, prefix: str) -> dict[str, str]:
        names = self._server.keys(f"{prefix}*")
        found: dict[str, str] = {}
        for at in range(0, len(names), 1000):
            some = names[at : at + 1000]
            values = self._server.call("MGET", *some)
            found.update(
                {name[len(prefix) :]: value for name, value in zip(some, values) if value is not None}
            )
        return found


def wait_for(look: Callable[[], Any], within_seconds: float, every_seconds: float = 0.2) -> Any:
    """The first look that is not None; None when there was none in time."""
    ends_at = time.monotonic() + within_seconds
    while True:
        found = look()
        if found is not None or time.monotonic() >= ends_at:
            return found
        time.sleep(every_seconds)
