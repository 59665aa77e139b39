"""The comparisons of the operators' tool: nothing in healthy histories, each class by its name and key when planted."""

import argparse
import copy
import unittest
from typing import Any
from unittest import mock

from check_redis import Generation
from compare_log import compare_log
from compare_money import compare_money
from compare_stock import StockSample, compare_record, compare_stock, suspects
from compare_views import compare_items, compare_letters, compare_orders
from difference import CLASSES, Difference
from events import Decoder, read_all
from fold import fold_log
from judge import Judge, Report
from records import LETTERS, REQUESTS, RETRIES, Record, Run
from synthetic import World, healthy
from undecided import Passed, lost, undecided

FOREVER_MS = 10**15


def sample_of(run: Run) -> StockSample:
    assert run.redis is not None
    store = Generation(run.redis, "sale")
    return StockSample(
        epoch=store.epoch,
        at=FOREVER_MS,
        until=FOREVER_MS,
        stock={item: {name: int(n) for name, n in raw.items()} for item, raw in store.starting("stock:").items()},
        adjusted={int(partition): int(offset) for partition, offset in store.named("adjusted").items()},
        commands=set(store.named("commands")),
        orders=store.starting("order:"),
        buyers={buyer: int(units) for buyer, units in store.starting("buyer:").items()},
    )


def differences(run: Run, sample: StockSample) -> list[Difference]:
    log = read_all(Decoder(run.schemas), [one for one in run.records if one.topic != LETTERS])
    letters = [one for one in run.records if one.topic == LETTERS]
    fold = fold_log(log)
    cuts = {topic: {p: high for p, (_, high) in parts.items()} for topic, parts in (run.ranges or {}).items()}
    journal = [charge.line for charge in run.charges or []]
    views = run.postgres or {}
    records = {key: sample.orders.get(key) for key in suspects(fold, sample, 0)}
    compared = [compare_record(key, text, fold.orders.get(key)) for key, text in records.items()]
    return [
        *compare_log(fold),
        *compare_money(fold, journal, fold),
        *compare_stock(fold, sample, cuts),
        *[one for one in compared if one],
        *compare_orders(log, views),
        *compare_items(log, views),
        *compare_letters(letters, views),
    ]


def found(run: Run, sample: StockSample) -> list[tuple[str, str]]:
    return sorted((one.name, one.key) for one in differences(run, sample))


class Healthy(unittest.TestCase):
    def test_nothing_is_found_in_random_histories(self) -> None:
        for seed in range(60):
            with self.subTest(seed=seed):
                run = healthy(seed).run()
                self.assertEqual(found(run, sample_of(run)), [])

    def test_a_sample_taken_at_any_moment_is_not_held_against_what_came_later(self) -> None:
        """Orders that settle after the sample are under way for it, whatever they are in the log by now."""
        for seed in range(30):
            world = healthy(seed, faults=False, orders=30)
            early = sample_of(world.run())
            early.at = early.until = world.now + 1
            world.now += 10
            for number in range(20):
                world.decide(world.buy(f"late{number}", "item0", 1))
            with self.subTest(seed=seed):
                run = world.run()
                log = read_all(Decoder(run.schemas), [one for one in run.records if one.topic != LETTERS])
                cuts = {REQUESTS: {p: high for p, (_, high) in (run.ranges or {})[REQUESTS].items()}}
                self.assertEqual(compare_stock(fold_log(log), early, cuts), [])


class Planted(unittest.TestCase):
    def setUp(self) -> None:
        world = World(7, faults=False)
        world.random.random = lambda: 0.5  # type: ignore[method-assign]
        world.new_epoch()
        world.adjust("shoe", 10)
        for key in ("first", "second"):
            world.decide(world.buy(key, "shoe", 2))
        world.decide(world.buy("greedy", "shoe", 100))
        world.poison("junk")
        self.world = world
        self.run_ = world.run()
        self.sample = sample_of(self.run_)
        self.assertEqual(found(self.run_, self.sample), [])

    def expect(self, *expected: tuple[str, str]) -> None:
        self.assertEqual(found(self.run_, self.sample), sorted(expected))

    @property
    def views(self) -> dict[str, list[dict[str, Any]]]:
        assert self.run_.postgres is not None
        return self.run_.postgres

    def row(self, table: str, **named: Any) -> dict[str, Any]:
        return next(one for one in self.views[table] if all(one[name] == value for name, value in named.items()))

    def test_counter_drift_of_sold_units(self) -> None:
        self.sample.stock["shoe"]["sold"] += 1
        self.sample.stock["shoe"]["avail"] -= 1
        self.expect(("counter-drift", "shoe"))

    def test_counter_drift_of_the_total(self) -> None:
        self.sample.stock["shoe"]["total"] += 1
        self.sample.stock["shoe"]["avail"] += 1
        self.expect(("counter-drift", "shoe"))

    def test_counter_drift_of_an_item_that_is_gone(self) -> None:
        del self.sample.stock["shoe"]
        self.expect(("counter-drift", "shoe"))

    def test_units_reserved_for_nobody(self) -> None:
        self.sample.stock["shoe"]["reserved"] += 2
        self.sample.stock["shoe"]["avail"] -= 2
        self.expect(("orphan-reservation", "shoe"))

    def test_a_reservation_of_an_order_nobody_placed(self) -> None:
        self.sample.orders["ghost"] = "R|1|u1|shoe|1|"
        self.expect(("orphan-reservation", "ghost"))

    def test_a_reservation_of_an_order_that_is_decided(self) -> None:
        self.sample.orders["first"] = "R" + self.sample.orders["first"][1:].rpartition("|")[0] + "|"
        self.expect(("orphan-reservation", "first"))

    def test_a_decision_that_contradicts(self) -> None:
        self.sample.orders["first"] = "F" + self.sample.orders["first"][1:].rpartition("|")[0] + "|PAYMENT"
        self.expect(("decision-contradicts", "first"))

    def test_a_decision_that_is_forgotten(self) -> None:
        del self.sample.orders["first"]
        self.expect(("decision-missing", "first"))

    def test_a_decision_without_an_order(self) -> None:
        self.sample.orders["ghost"] = "F|1|u1|shoe|1|SOLD_OUT"
        self.expect(("decision-without-order", "ghost"))

    def test_a_buyers_units(self) -> None:
        buyer = next(iter(self.sample.buyers))
        self.sample.buyers[buyer] += 1
        self.expect(("buyer-drift", buyer))

    def test_a_command_that_was_not_applied(self) -> None:
        command = next(iter(self.sample.commands))
        self.sample.commands.discard(command)
        self.expect(("command-drift", command))

    def test_a_missing_row(self) -> None:
        self.views["orders"].remove(self.row("orders", request_id="first"))
        self.expect(("missing-row", "first"))

    def test_a_row_too_many(self) -> None:
        self.views["orders"].append({**self.row("orders", request_id="first"), "request_id": "ghost"})
        self.expect(("extra-row", "ghost"))

    def test_a_wrong_status(self) -> None:
        self.row("orders", request_id="first")["status"] = "FAILED_PAYMENT"
        self.expect(("wrong-status", "first"))

    def test_a_wrong_column(self) -> None:
        self.row("orders", request_id="first")["amount"] = 7
        self.expect(("wrong-row", "first"))

    def test_wrong_sales(self) -> None:
        self.row("item_sales", item_id="shoe")["sold_units"] += 1
        self.expect(("wrong-sales-row", "shoe"))

    def test_a_wrong_item(self) -> None:
        self.row("item_stock", item_id="shoe")["stocked"] += 1
        self.expect(("wrong-item-row", "shoe"))

    def test_a_missing_letter_and_one_too_many(self) -> None:
        letter = self.views["dead_letters"].pop()
        self.views["dead_letters"].append({**letter, "source_offset": 99})
        place = f"{letter['source_topic']}:{letter['source_partition']}"
        self.expect(("missing-letter", f"{place}:{letter['source_offset']}"), ("extra-letter", f"{place}:99"))

    def test_a_redriven_letter_that_is_parked_again_is_the_first_letter_still(self) -> None:
        first = next(one for one in self.run_.records if one.topic == LETTERS)
        place = first.headers["dlq-source-partition"] + b":" + first.headers["dlq-source-offset"]
        again = self.world.append(REQUESTS, first.partition, "junk", first.value, {
            "redrive-of": first.headers["dlq-source-topic"] + b":" + place,
            "redrive-command": b"command-1",
        })
        self.world.park(again, "UNDECODABLE")
        self.world.letters.pop()
        self.run_ = self.world.run()
        self.expect()

    def _charge(self, key: str, order: str, payment_id: str = "p99", amount: int = 2) -> None:
        line = {"op": "charged", "key": key, "requestId": order, "amount": amount, "paymentId": payment_id}
        self.world.journal.append(line)
        self.run_ = self.world.run()

    def test_charged_and_not_completed(self) -> None:
        self._charge("greedy:9", "greedy")
        self.expect(("charged-not-completed", "greedy:9"))

    def test_charged_twice(self) -> None:
        self._charge("first:9", "first")
        self.expect(("charged-twice", "first:9"))

    def test_a_charge_of_nobody(self) -> None:
        self._charge("ghost:0", "ghost")
        self.expect(("charge-without-order", "ghost"))

    def test_completed_and_not_charged(self) -> None:
        key = next(line["key"] for line in self.world.journal if line.get("requestId") == "first")
        self.world.journal.append({"op": "cancelled", "key": key, "wasCharged": True})
        self.run_ = self.world.run()
        self.expect(("completed-not-charged", "first"))

    def test_charged_for_other_units(self) -> None:
        line = next(line for line in self.world.journal if line.get("requestId") == "first")
        line["amount"] = 5
        self.run_ = self.world.run()
        self.expect(("wrong-charge", "first"))

    def test_two_decisions_that_disagree(self) -> None:
        body = {"request_id": "first", "user_id": "u1", "item_id": "shoe", "amount": 2}
        record: Record = self.world.emit(*self.world.outcome(body, None, "PAYMENT"))
        self.run_ = self.world.run()
        self.run_.postgres = copy.deepcopy(self.views)
        names = {one.name for one in differences(self.run_, self.sample) if one.key == "first"}
        self.assertIn("outcome-conflict", names)
        self.assertGreater(record.offset, 0)

    def test_more_sold_than_stocked(self) -> None:
        body = self.world.buy("much", "shoe", 100)
        self.world.emit(*self.world.outcome(body, "pay-much"))
        self.run_ = self.world.run()
        self.assertIn(("oversold", "shoe"), found(self.run_, self.sample))

    def test_every_class_has_a_meaning_and_a_lawful_repair(self) -> None:
        lawful = {"rebuild-stock", "cancel-charge", None}
        for name, (meaning, repair) in CLASSES.items():
            self.assertTrue(meaning, name)
            self.assertTrue(repair in lawful or str(repair).startswith("rebuild-view:"), name)


class Undecided(unittest.TestCase):
    """An order without a decision is lost once the saga has gone past every record of it."""

    def setUp(self) -> None:
        self.world = World(7, faults=False)
        self.world.new_epoch()
        self.request = self.world.request("order", {"user_id": "u", "item_id": "shoe", "amount": 1, "request_id": "order"})
        self.place = {self.request.partition: self.request.offset}
        self.past = {self.request.partition: self.request.offset + 1}

    def park(self) -> Record:
        return self.world.append(RETRIES, self.request.partition, "order", self.request.value)

    def judged(self, passed: Passed) -> tuple[list[str], list[str]]:
        run = self.world.run()
        fold = fold_log(read_all(Decoder(run.schemas), run.records))
        cut = {topic: {p: high for p, (_, high) in parts.items()} for topic, parts in (run.ranges or {}).items()}
        late = undecided(fold, cut, passed)
        return [one.key for one in late], [one.key for one in lost(late, passed)]

    def test_it_is_late_until_the_saga_has_gone_past_it(self) -> None:
        self.assertEqual(self.judged(Passed(requests=self.place)), (["order"], []))
        self.assertEqual(self.judged(Passed(requests=self.past)), (["order"], ["order"]))

    def test_it_is_neither_while_its_payment_is_waited_for(self) -> None:
        parked = self.park()
        passed = Passed(requests=self.past, payments={parked.partition: parked.offset})
        self.assertEqual(self.judged(passed), ([], []))

    def test_it_is_lost_when_its_wait_for_payment_was_gone_past_too(self) -> None:
        parked = self.park()
        passed = Passed(requests=self.past, payments={parked.partition: parked.offset + 1})
        self.assertEqual(self.judged(passed), (["order"], ["order"]))
        self.park()
        self.assertEqual(self.judged(passed), ([], []))


class WhileTheSagaIsBehind(unittest.TestCase):
    """What it decides after the journal was read was charged after it, and is no difference."""

    def setUp(self) -> None:
        self.world = World(7, faults=False)
        self.world.random.random = lambda: 0.5  # type: ignore[method-assign]
        self.world.new_epoch()
        self.world.adjust("shoe", 10)
        self.late = self.world.buy("late", "shoe", 1)

    def report(self) -> Report:
        """Reads the log, then the journal; then the saga decides the late order, and the log is read on."""
        journal: list[dict[str, Any]] = []

        def read_journal(_url: str) -> list[dict[str, Any]]:
            journal.extend(self.world.journal)
            self.world.decide(self.late)
            return journal

        options = argparse.Namespace(
            brokers="", registry="", redis="", postgres="", journal="set", sale_id="sale", group="saga",
            record_ttl=1, settle=0, without_money=False,
        )
        views = mock.patch("judge.read_views", side_effect=OSError("away"))
        redis = mock.patch("judge.Redis", side_effect=OSError("away"))
        log = mock.patch("judge.LiveLog", return_value=GrowingLog(self.world))
        quiet = mock.patch("judge.say")
        with views, redis, log, quiet, mock.patch("judge.Cluster"), mock.patch("judge.read_journal", read_journal):
            return Judge(options).run()

    def test_an_order_that_is_late_is_told_as_late_and_not_as_uncharged(self) -> None:
        report = self.report()
        self.assertEqual(report.differences, [])
        self.assertTrue(any("the saga is behind" in line for line in report.untold), report.untold)

    def test_an_order_that_waits_for_its_payment_is_not_uncharged(self) -> None:
        self.world.append(RETRIES, self.world.home("late"), "late", self.world.log[-1].value)
        self.assertEqual(self.report().differences, [])

    def test_a_charge_of_an_order_decided_before_is_still_missed(self) -> None:
        self.world.decide(self.world.buy("uncharged", "shoe", 1))
        self.world.journal.clear()
        self.assertEqual([(one.name, one.key) for one in self.report().differences], [("completed-not-charged", "uncharged")])

    def test_a_charge_of_an_order_placed_meanwhile_is_not_a_charge_of_nobody(self) -> None:
        soon = {**self.late, "request_id": "soon"}
        self.world.charge(soon, declined=False)
        self.world.decide = lambda _body: self.world.request("soon", soon)  # type: ignore[assignment, misc, return-value]
        self.assertEqual(self.report().differences, [])


class GrowingLog:
    """The log of a world that goes on, as LiveLog reads it; the saga has committed nothing."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cluster = mock.Mock(committed=lambda _group, _topic: {})
        self.events: list[Any] = []
        self.letters: list[Record] = []
        self.records = 0

    def read_on(self) -> dict[str, dict[int, int]]:
        run = self.world.run()
        self.events = read_all(Decoder(run.schemas), [one for one in run.records if one.topic != LETTERS])
        self.records = len(run.records)
        return {topic: {p: high for p, (_, high) in parts.items()} for topic, parts in (run.ranges or {}).items()}


if __name__ == "__main__":
    unittest.main()
