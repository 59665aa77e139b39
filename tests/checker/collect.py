"""Reads a running system into a run folder. Nothing is written to it, nothing is locked, no group is joined."""

from __future__ import annotations

import json
import shutil
import time
import urllib.error
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from avro import DecodeError, framed_schema_id
from fetch import fetch
from load import LOG, OFFSETS, PAYMENTS, POSTGRES, REDIS, SCHEMAS, SETTINGS, read_log
from records import (
    ADJUSTMENTS,
    EPOCHS,
    LETTERS,
    OUTCOMES,
    REQUESTS,
    RETRIES,
    TOPICS,
    Record,
    record_to_line,
)
from wire_kafka import Cluster
from wire_postgres import Postgres
from wire_redis import Redis

TABLES = (
    "orders",
    "order_offsets",
    "item_sales",
    "order_totals",
    "events_set_aside",
    "item_stock",
    "item_offsets",
    "dead_letters",
    "dead_letter_offsets",
)
EFFECTS_FIRST = (LETTERS, OUTCOMES, RETRIES, EPOCHS, ADJUSTMENTS, REQUESTS)
SCHEMA_TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Sources:
    brokers: str
    registry: str
    redis: Optional[str]
    postgres: Optional[str]
    journal: Optional[str]
    sale_id: str
    group: Optional[str]
    at_rest: bool


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def collect_postgres(url: str, folder: Path) -> None:
    """All tables at one moment. The log must be read after this, so that it holds whatever the views have folded."""
    database = Postgres(url)
    try:
        database.query("begin transaction isolation level repeatable read read only")
        tables = {table: database.query(f"select * from views.{table}") for table in TABLES}
        database.query("commit")
    finally:
        database.close()
    _write(folder / POSTGRES, tables)


def collect_redis(url: str, sale_id: str, folder: Path) -> None:
    server = Redis(url)
    try:
        seconds, micros = server.call("TIME")
        dump = {
            "run_id": server.info("server").get("run_id"),
            "time_ms": int(seconds) * 1000 + int(micros) // 1000,
            "keys": server.dump(f"{{{sale_id}}}:*"),
        }
    finally:
        server.close()
    _write(folder / REDIS, dump)


def ranges_of(cluster: Cluster) -> dict[str, dict[int, tuple[int, int]]]:
    """
    Where each topic ends, effects before their causes: commands go on arriving meanwhile, and an outcome whose request came
    after the end of its partition was asked for would look as if nobody had sent it.
    """
    found = {
        topic: {
            partition: cluster.range_of(topic, partition)
            for partition in sorted(cluster.leaders.get(topic, {}))
        }
        for topic in EFFECTS_FIRST
    }
    return {topic: found[topic] for topic in TOPICS}


def _read_topics(cluster: Cluster, folder: Path) -> dict[str, Any]:
    ranges = ranges_of(cluster)
    with (folder / LOG).open("w", encoding="utf-8") as file:
        for topic, partitions in ranges.items():
            for partition, (low, high) in partitions.items():
                for record in cluster.read(topic, partition, low, high):
                    file.write(json.dumps(record_to_line(record)) + "\n")
    return ranges


def collect_log(sources: Sources, folder: Path) -> None:
    cluster = Cluster(sources.brokers)
    try:
        # Before the records: what was committed by then must have an outcome that is read after.
        committed: dict[str, dict[str, dict[int, int]]] = {}
        if sources.group:
            committed[sources.group] = {REQUESTS: cluster.committed(sources.group, REQUESTS)}
        ranges = _read_topics(cluster, folder)
    finally:
        cluster.close()
    _write(folder / OFFSETS, {"ranges": ranges, "committed": committed})


def schema_ids(records: Iterable[Record]) -> set[int]:
    ids: set[int] = set()
    for record in records:
        try:
            ids.add(framed_schema_id(record.value or b""))
        except DecodeError:
            continue
    return ids


def fetch_schema(registry: str, schema_id: int) -> Optional[str]:
    """The schema's text; None when the registry says there is none."""
    try:
        return json.loads(fetch(f"{registry.rstrip('/')}/schemas/ids/{schema_id}", SCHEMA_TIMEOUT_SECONDS))["schema"]
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise


def _copy_journal(journal: Path, target: Path) -> None:
    if journal.resolve() != target.resolve():
        shutil.copyfile(journal, target)


def collect(sources: Sources, folder: Path) -> None:
    """Fills `folder`. Raises when a source that was named does not answer."""
    folder.mkdir(parents=True, exist_ok=True)
    if sources.postgres:
        collect_postgres(sources.postgres, folder)
    if sources.redis:
        collect_redis(sources.redis, sources.sale_id, folder)
    collected_at = int(time.time() * 1000)
    collect_log(sources, folder)
    if sources.journal:
        _copy_journal(Path(sources.journal), folder / PAYMENTS)
    schemas = {schema_id: fetch_schema(sources.registry, schema_id) for schema_id in schema_ids(read_log(folder))}
    _write(folder / SCHEMAS, schemas)
    settings = json.loads((folder / SETTINGS).read_text()) if (folder / SETTINGS).exists() else {}
    settings.update(sale_id=sources.sale_id, at_rest=sources.at_rest, collected_at=collected_at)
    _write(folder / SETTINGS, settings)
