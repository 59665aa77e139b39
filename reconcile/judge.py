"""Compares Redis, PostgreSQL and the payment journal with a fold of the log that shares no code with the services.

The answer is JSON on standard output; notices for a person go to standard error. Nothing is changed anywhere.
Exit code: 0 clean, 1 differences, 2 could not tell.

It may run at any time: PostgreSQL is judged by the offsets that stand beside its rows, Redis by samples of its own
clock, and money only for orders decided before the journal is read. What is merely behind is waited for and never
reported.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Optional

from compare_log import compare_log
from compare_money import compare_money
from compare_stock import StockSample, compare_record, compare_stock, suspects
from compare_views import compare_items, compare_letters, compare_orders
from difference import CLASSES, Difference, offsets_of
from events import UnknownSchema
from fold import Fold, Order, fold_log
from kafka_access import access_of
from observe import (
    CannotTell,
    Generation,
    LiveDecoder,
    LiveLog,
    Offsets,
    read_journal,
    read_views,
    say,
    wait_for,
)
from records import REQUESTS, RETRIES
from settings import setting
from undecided import Passed, lost, undecided, without_decision
from wire_kafka import Cluster, KafkaTrouble
from wire_postgres import PostgresTrouble
from wire_redis import Redis, RedisTrouble

CLEAN, DIFFERENCES, CANNOT_TELL = 0, 1, 2
VERDICTS = {CLEAN: "clean", DIFFERENCES: "differences", CANNOT_TELL: "cannot tell"}
TROUBLES = (OSError, KafkaTrouble, RedisTrouble, PostgresTrouble, UnknownSchema, CannotTell)
SHOWN_PER_CLASS = 1_000
# Clocks of the broker and of Redis may differ by this much.
SKEW_MS = 60_000


@dataclass
class Report:
    differences: list[Difference] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    """What could not be looked at, and why."""
    skipped: list[str] = field(default_factory=list)
    """What was not to be looked at."""
    looked_at: dict[str, int] = field(default_factory=dict)
    cut: Offsets = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        if self.differences:
            return DIFFERENCES
        return CANNOT_TELL if self.untold else CLEAN


class Judge:
    """One run. Sources that do not answer leave what rests on them untold, and the rest is looked at all the same."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.report = Report()
        self.log = LiveLog(Cluster(options.brokers, access_of(os.environ)), LiveDecoder(options.registry))
        self.store: Optional[Generation] = None
        self.passed = Passed()

    def run(self) -> Report:
        views = self._try("PostgreSQL", lambda: read_views(self.options.postgres))
        sample = self._try("Redis", self._sample)
        say("reading the log")
        cut = self.log.read_on()
        self.report.cut = cut
        before = self._settled(cut)
        journal = self._journal_if_wanted()
        if views is not None:
            self._compare_views(views)
        # A charge may belong to an order that came after the last look at the log.
        self.log.read_on()
        fold = fold_log(self.log.events)
        self.report.differences += compare_log(fold)
        if journal is not None:
            self._add("charges", len(journal), compare_money(before, journal, fold))
        if sample is not None:
            self._try("Redis", lambda: self._compare_stock(sample, cut))
        self.report.looked_at.update(records=self.log.records, orders=len(fold.orders), items=len(fold.items))
        return self.report

    def _try(self, what: str, work: Any) -> Any:
        try:
            return work()
        except TROUBLES as error:
            self.report.untold.append(f"{what}: {error}")
            return None

    def _add(self, what: str, count: int, differences: list[Difference]) -> None:
        self.report.looked_at[what] = count
        self.report.differences += differences

    def _journal_if_wanted(self) -> Optional[list[dict[str, Any]]]:
        if self.options.without_money:
            self.report.skipped.append("the payment journal")
            return None
        journal: Optional[list[dict[str, Any]]] = self._try("the payment journal", self._journal)
        return journal

    def _journal(self) -> list[dict[str, Any]]:
        if not self.options.journal:
            raise CannotTell("no address is given; a provider with its own books is left out by --without-money")
        return read_journal(self.options.journal)

    def _sample(self) -> StockSample:
        say("reading Redis")
        self.store = Generation(self._redis(), self.options.sale_id)
        sample: Optional[StockSample] = wait_for(self.store.sample, self.options.settle)
        if sample is None:
            raise CannotTell("the stock store is not open; the saga may be rebuilding it")
        return sample

    def _redis(self) -> Redis:
        return Redis(self.options.redis, setting(os.environ, "REDIS_SSL_CA"))

    def _passed(self) -> Passed:
        cluster, group = self.log.cluster, self.options.group
        return Passed(cluster.committed(group, REQUESTS), cluster.committed(f"{group}-payments", RETRIES))

    def _settled(self, cut: Offsets) -> Fold:
        """Waits until every order before the cut is decided in the log; what is merely under way gets there."""
        ends_at = time.monotonic() + self.options.settle
        fold = fold_log(self.log.events)
        late = without_decision(fold, cut)
        while late:
            self.passed = self._passed()
            self.log.read_on()
            fold = fold_log(self.log.events)
            late = undecided(fold, cut, self.passed)
            if time.monotonic() >= ends_at:
                break
            if late:
                say(f"waiting for {len(late):,} orders to be decided")
                time.sleep(0.5)
        if late:
            self._judge_late(late)
        return fold

    def _judge_late(self, late: list[Order]) -> None:
        gone = lost(late, self.passed)
        self.report.differences += [
            Difference("undecided-order", order.key, "a decision", None, offsets_of([order.request]))
            for order in gone
        ]
        behind = len(late) - len(gone)
        if behind:
            self.report.untold.append(
                f"{behind:,} orders before the cut are not decided within {self.options.settle:g} s: the saga is behind"
            )

    def _compare_views(self, views: dict[str, list[dict[str, Any]]]) -> None:
        say("comparing PostgreSQL")
        rows = sum(len(table) for table in views.values())
        self._add("rows", rows, compare_orders(self.log.events, views))
        self.report.differences += compare_items(self.log.events, views)
        self.report.differences += compare_letters(self.log.letters, views)

    def _compare_stock(self, sample: StockSample, cut: Offsets) -> None:
        """Stock is judged only when all orders before the cut are decided: what is late would look like drift."""
        say("comparing Redis")
        fold = fold_log(self.log.events)
        if undecided(fold, cut, self.passed):
            return
        if any(event.fields["epoch"] > sample.epoch for event in fold.markers):
            raise CannotTell("a new generation began meanwhile; run it again")
        self._add("decisions", len(sample.orders), compare_stock(fold, sample, cut))
        self.report.differences += self._compare_records(fold, sample)

    def _compare_records(self, fold: Fold, sample: StockSample) -> list[Difference]:
        """What looked wrong is read again, after the log: by then Redis is ahead of it and must agree."""
        keys = suspects(fold, sample, sample.at - self.options.record_ttl * 1000 + SKEW_MS)
        if not keys or self.store is None:
            return []
        records = self.store.records(sample.epoch, keys)
        if self.store.current().get("epoch") != str(sample.epoch):
            raise CannotTell("a new generation began meanwhile; run it again")
        compared = [compare_record(key, text, fold.orders.get(key)) for key, text in records.items()]
        return [difference for difference in compared if difference is not None]


def to_json(report: Report) -> dict[str, Any]:
    counts = Counter(difference.name for difference in report.differences)
    seen: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    for difference in report.differences:
        seen[difference.name] += 1
        if seen[difference.name] <= SHOWN_PER_CLASS:
            shown.append(difference.to_json())
    return {
        "verdict": VERDICTS[report.exit_code],
        "cut": report.cut,
        "looked_at": report.looked_at,
        "classes": [
            {"class": name, "meaning": CLASSES[name][0], "repair": CLASSES[name][1], "count": counts[name]}
            for name in CLASSES
            if counts[name]
        ],
        "differences": shown,
        "untold": report.untold,
        "skipped": report.skipped,
    }


UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def seconds(text: str) -> float:
    """Reads a duration such as 30s or 48h; a bare number is milliseconds, as everywhere in the settings."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?", text.strip())
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is no duration such as 30s, 1m or 48h")
    return float(found[1]) * UNITS[found[2] or "ms"]


def _parser() -> argparse.ArgumentParser:
    environ = os.environ
    parser = argparse.ArgumentParser(
        prog="reconcile", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--brokers", default=environ.get("KAFKA_BROKERS", "127.0.0.1:9092"))
    parser.add_argument("--registry", default=environ.get("SCHEMA_REGISTRY_URL", "http://127.0.0.1:8081"))
    parser.add_argument("--redis", default=setting(environ, "REDIS_URL") or "redis://127.0.0.1:6379")
    parser.add_argument("--postgres", default=setting(environ, "DATABASE_URL"))
    parser.add_argument("--journal", default=environ.get("PAYMENT_JOURNAL_URL", ""))
    parser.add_argument("--sale-id", default=environ.get("SALE_ID", "sale"))
    parser.add_argument("--group", default=environ.get("SAGA_GROUP", "saga"))
    parser.add_argument("--record-ttl", type=seconds, default=seconds(environ.get("RECORD_TTL", "48h")))
    parser.add_argument("--settle", type=seconds, default=30.0, help="how long what is behind is waited for")
    parser.add_argument("--without-money", action="store_true", help="leave the payment provider's books out")
    return parser


def main(arguments: Optional[list[str]] = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        report = Judge(options).run()
    except TROUBLES as error:
        report = Report(untold=[str(error)])
    json.dump(to_json(report), sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    return report.exit_code
