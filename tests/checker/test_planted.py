"""Each anomaly planted in a healthy history is found by its name, and what shows it is among the evidence."""

import unittest
from dataclasses import replace
from typing import Any, Callable, Optional

from anomaly import NAMES, Anomaly, show
from load import charge_from_line
from records import LETTERS, OUTCOMES, REQUESTS, Operation, Record, Run
from report import check, to_json, to_text
from synthetic import World, framed, healthy


def small(faults: bool = True, stock: int = 10) -> World:
    world = World(7, faults)
    world.random.random = lambda: 0.5  # nothing happens by chance: no retries, no refusals, no copies
    world.new_epoch()
    world.adjust("shoe", stock)
    return world


def sold(world: World, key: str, amount: int = 1, item: str = "shoe") -> dict[str, Any]:
    body = world.buy(key, item, amount)
    world.decide(body)
    return body


def without(run: Run, topic: str, key: Optional[str] = None) -> Run:
    """Records vanish, and with them every trace in offsets: as if they had never been appended."""
    gone = [one for one in run.records if one.topic == topic and (key is None or one.key_text == key)]
    run.records = [one for one in run.records if one not in gone]
    run.ranges = None
    run.postgres = run.redis = None
    run.committed = None
    run.settings["lacks"] = ["Redis", "PostgreSQL"]
    return run


def outcome_of(run: Run, key: str) -> Record:
    return next(one for one in run.records if one.topic == OUTCOMES and one.key_text == key)


def completed(key: str, **changes: Any) -> bytes:
    fields = {
        "request_id": key,
        "user_id": "u1",
        "item_id": "shoe",
        "amount": 1,
        "epoch": 0,
        "payment_id": "p",
        "completed_at": 5,
    }
    return framed("OrderCompleted", {**fields, **changes})


def failed(key: str, reason: str, **changes: Any) -> bytes:
    fields = {
        "request_id": key,
        "user_id": "u1",
        "item_id": "shoe",
        "amount": 1,
        "epoch": 0,
        "reason": reason,
        "failed_at": 5,
        "detail": None,
    }
    return framed("OrderFailed", {**fields, **changes})


class Planted(unittest.TestCase):
    def found(self, run: Run, name: str) -> list[Anomaly]:
        report = check(run)
        anomalies = [one for one in report.anomalies if one.name == name]
        self.assertTrue(anomalies, f"{name} was not found:\n{to_text(report)}")
        self.assertEqual(report.exit_code, 1)
        for one in anomalies:
            for evidence in one.evidence:
                show(evidence)
        return anomalies

    def shows(self, anomalies: list[Anomaly], text: str) -> None:
        shown = " ".join(
            f"{one.summary} {[show(evidence) for evidence in one.evidence]}" for one in anomalies
        )
        self.assertIn(text, shown)

    def only(self, run: Run, *names: str) -> None:
        self.assertEqual(
            sorted({one.name for one in check(run).anomalies}), sorted(names), to_text(check(run))
        )

    # What clients were told

    def test_an_acknowledged_order_that_is_not_in_the_log(self) -> None:
        world = small()
        sold(world, "o1")
        body = {"user_id": "u1", "item_id": "shoe", "amount": 1, "request_id": "o2"}
        world.operate("buy", "o2", "ok", 202, body, {"position": "order-requests:0:99"})
        self.shows(self.found(world.run(), "lost-write"), "o2")
        self.only(world.run(), "lost-write")

    def test_an_acknowledged_place_that_holds_another_order(self) -> None:
        world = small()
        sold(world, "o1")
        body = sold(world, "o2")
        place = world.orders["o1"]
        position = f"{REQUESTS}:{place['request_partition']}:{place['request_offset']}"
        world.operate("buy", "o2", "ok", 202, body, {"position": position})
        self.only(world.run(), "lost-write")

    def test_a_command_of_an_operator_that_is_not_in_the_log(self) -> None:
        world = small()
        world.operate("adjust", "c9", "ok", 202, {"item_id": "shoe", "delta": 3}, {})
        self.only(world.run(), "lost-write")

    def test_a_refused_order_that_is_in_the_log(self) -> None:
        world = small()
        body = sold(world, "o1")
        run = world.run()
        run.operations = [one for one in run.operations or [] if one.op != "buy"]
        run.operations.append(Operation("buy", "fail", "o1", "b", 1, 2, 1, 2, 429, body, {}))
        self.shows(self.found(run, "aborted-read"), "429")

    def test_an_order_that_nobody_asked_for(self) -> None:
        world = small()
        sold(world, "o1")
        run = world.run()
        run.operations = [one for one in run.operations or [] if one.op != "buy"]
        self.shows(self.found(run, "phantom"), "o1")

    def test_an_outcome_that_nobody_asked_for(self) -> None:
        world = small()
        sold(world, "o1")
        world.append(OUTCOMES, 0, "x", failed("x", "SOLD_OUT"))
        self.shows(self.found(world.run(), "phantom"), "order x")

    def test_an_order_with_another_amount_than_was_sent(self) -> None:
        world = small()
        sold(world, "o1")
        run = world.run()
        run.operations = [
            replace(one, body={**one.body, "amount": 9}) if one.op == "buy" else one
            for one in run.operations or []
        ]
        self.shows(self.found(run, "corrupt"), "o1")

    def test_an_outcome_about_another_item(self) -> None:
        world = small()
        body = world.buy("o1", "shoe", 1)
        world.reserve(body)
        world.settle(body, "sold")
        world.emit(
            "OrderCompleted", {**body, "item_id": "hat", "epoch": 0, "payment_id": "p", "completed_at": 1}
        )
        self.shows(self.found(world.run(), "corrupt"), "hat")

    def test_a_record_of_ours_that_cannot_be_decoded(self) -> None:
        world = small()
        world.append(OUTCOMES, 0, "o1", b"\x00\x00\x00\x00\x02\x01")
        self.shows(self.found(world.run(), "corrupt"), "UNDECODABLE")

    # Outcomes

    def test_an_order_without_an_outcome(self) -> None:
        world = small()
        world.buy("o1", "shoe", 1)
        run = world.run()
        run.committed = None
        self.shows(self.found(run, "unresolved"), "o1")

    def test_a_young_order_without_an_outcome_is_fine_while_the_system_runs(self) -> None:
        world = small()
        world.buy("o1", "shoe", 1)
        run = without(world.run(), "none")
        run.settings["at_rest"] = False
        self.only(run)

    def test_two_outcomes_that_disagree(self) -> None:
        world = small()
        body = sold(world, "o1")
        fields = {**body, "epoch": 0, "reason": "SOLD_OUT", "failed_at": 5, "detail": None}
        world.set_aside(world.append(OUTCOMES, world.home("o1"), "o1", framed("OrderFailed", fields)), False)
        self.only(world.run(), "terminal-conflict")

    def test_a_second_outcome_without_a_fault(self) -> None:
        world = small(faults=False)
        sold(world, "o1")
        first = outcome_of(world.run(), "o1")
        world.set_aside(world.append(OUTCOMES, first.partition, "o1", first.value), False)
        self.only(world.run(), "duplicate")

    def test_a_second_outcome_of_other_bytes(self) -> None:
        world = small()
        body = sold(world, "o1")
        again = {**body, "epoch": 0, "payment_id": "pay-o1:0", "completed_at": 77}
        world.set_aside(
            world.append(OUTCOMES, world.home("o1"), "o1", framed("OrderCompleted", again)), False
        )
        self.only(world.run(), "duplicate")

    def test_a_second_request_without_a_fault(self) -> None:
        world = small(faults=False)
        body = sold(world, "o1")
        world.request("o1", body)
        self.only(world.run(), "duplicate")

    def test_an_outcome_of_an_epoch_that_was_not_announced(self) -> None:
        world = small()
        world.epoch = 5
        sold(world, "o1")
        self.shows(self.found(world.run(), "fence-missing"), "epoch 5")

    def test_a_void_outcome_that_no_valid_one_follows(self) -> None:
        world = small()
        body = world.buy("o1", "shoe", 1)
        dead = {**body, "epoch": 0, "reason": "SOLD_OUT", "failed_at": 5, "detail": None}
        world.new_epoch()
        world.emit("OrderFailed", dead, void=True)
        anomalies = self.found(world.run(), "void-unresolved")
        self.assertEqual(
            [show(one)["what"] for one in anomalies[0].evidence], ["OrderFailed", "EpochStarted"]
        )

    # Stock

    def test_more_sold_than_there_was(self) -> None:
        world = small(stock=2)
        for number in range(3):
            body = world.buy(f"o{number}", "shoe", 1)
            world.settle(body, "sold")
            world.emit("OrderCompleted", {**body, "epoch": 0, "payment_id": "p", "completed_at": 5})
        self.shows(self.found(world.run(), "oversell"), "3 of 2 units")

    def test_a_negative_number_of_units_at_one_moment(self) -> None:
        world = small(stock=2)
        world.stock["shoe"].update(avail=-1, reserved=3)
        world.audit()
        world.stock["shoe"].update(avail=2, reserved=0)
        self.only(world.run(), "oversell")

    def test_refused_while_units_were_there(self) -> None:
        world = small()
        body = world.buy("o1", "shoe", 1)
        world.now += 1000
        world.audit()
        world.emit(*world.outcome(body, None, "SOLD_OUT"))
        world.now += 1000
        world.audit()
        self.only(world.run(), "undersell")

    def test_units_that_do_not_add_up_at_one_moment(self) -> None:
        world = small()
        world.stock["shoe"]["avail"] = 9
        world.audit()
        world.stock["shoe"]["avail"] = 10
        self.only(world.run(), "stock-leak")

    def test_units_that_stay_reserved(self) -> None:
        world = small()
        world.stock["shoe"].update(avail=9, reserved=1)
        self.only(world.run(), "stock-leak")

    def test_a_buyer_over_the_limit(self) -> None:
        world = small()
        body = {"item_id": "shoe", "units_max": 1, "command_id": "l1"}
        world.append(
            "stock-adjustments", 0, "shoe", framed("BuyerLimitSet", {**body, "actor": "me", "set_at": 1})
        )
        world.operate("limit", "l1", "ok", 202, body, {})
        world.now += 10
        sold(world, "o1", amount=2)
        self.shows(self.found(world.run(), "over-limit"), "o1")

    def test_sold_while_paused(self) -> None:
        world = small()
        world.change_sale("shoe", "PAUSED", 0)
        sold(world, "o1")
        self.shows(self.found(world.run(), "sold-off-sale"), "o1")

    def test_sold_after_the_end(self) -> None:
        world = small()
        world.change_sale("shoe", "OPEN", 0, closes_at=world.now + 1)
        sold(world, "o1")
        self.shows(self.found(world.run(), "sold-off-sale"), "o1")

    def test_refused_before_the_close(self) -> None:
        world = small()
        world.change_sale("shoe", "CLOSED", 0)
        world.change_sale("shoe", "OPEN", 1)
        body = world.buy("o1", "shoe", 1)
        world.decide(body)
        run = world.run()
        run.records.remove(outcome_of(run, "o1"))
        refusal = failed("o1", "SALE_CLOSED", amount=1)
        world.append(OUTCOMES, world.home("o1"), "o1", refusal)
        run.records.append(world.log[-1])
        self.shows(self.found(run, "refused-on-sale"), "o1")

    def test_a_change_that_was_overtaken_changes_nothing(self) -> None:
        world = small()
        world.change_sale("shoe", "OPEN", 0)
        world.change_sale("shoe", "CLOSED", 0)
        world.operations.pop()  # it was answered 409
        world.sales["shoe"] = 1
        sold(world, "o1")
        self.only(world.run())

    # Money

    def test_charged_under_two_epochs(self) -> None:
        world = small()
        sold(world, "o1")
        world.journal.append({**world.journal[-1], "key": "o1:9", "paymentId": "other"})
        self.only(world.run(), "double-charge")

    def test_charged_after_its_cancel(self) -> None:
        world = small()
        sold(world, "o1")
        world.journal.insert(0, {"op": "cancelled", "key": "o1:0", "wasCharged": False})
        self.only(world.run(), "double-charge")

    def test_refused_and_charged(self) -> None:
        world = small(stock=1)
        body = sold(world, "o1", amount=3)
        world.charge(body, declined=False)
        self.only(world.run(), "charged-failed")

    def test_completed_and_given_back(self) -> None:
        world = small()
        sold(world, "o1")
        world.journal.append({"op": "cancelled", "key": "o1:0", "wasCharged": True})
        self.only(world.run(), "refunded-completed")

    def test_completed_with_the_payment_of_a_dead_epoch(self) -> None:
        world = small()
        sold(world, "o1")
        run = world.run()
        run.charges = (
            [charge_from_line({**run.charges[-1].line, "paymentId": "other"})] if run.charges else []
        )
        self.only(run, "refunded-completed")

    # Dead letters

    def test_poison_that_nobody_parked(self) -> None:
        world = small()
        sold(world, "o1")
        world.poison("p1")
        self.shows(self.found(without(world.run(), LETTERS), "dlq-missing"), "p1")

    def test_a_conflict_that_nobody_parked(self) -> None:
        world = small()
        world.conflict(sold(world, "o1"))
        self.shows(self.found(without(world.run(), LETTERS), "dlq-missing"), "CONFLICT")

    def test_a_healthy_record_that_was_parked(self) -> None:
        world = small()
        sold(world, "o1")
        world.park(next(one for one in world.log if one.topic == REQUESTS), "UNKNOWN_SCHEMA")
        self.only(world.run(), "dlq-wrong")

    def test_a_letter_without_the_original_bytes(self) -> None:
        world = small()
        world.poison("p1")
        run = world.run()
        run.records = [replace(one, value=b"") if one.topic == LETTERS else one for one in run.records]
        self.shows(self.found(run, "dlq-wrong"), "does not hold the original")

    def test_a_letter_with_another_reason(self) -> None:
        world = small()
        world.poison("p1", b"\x05", "UNKNOWN_SCHEMA")
        self.shows(self.found(world.run(), "dlq-wrong"), "instead of NOT_FRAMED")

    def test_a_letter_twice_without_a_fault(self) -> None:
        world = small(faults=False)
        source = world.poison("p1")
        world.park(source, "UNDECODABLE")
        self.found(world.run(), "duplicate")

    # Views

    def change(
        self, table: str, changes: dict[str, Any], which: Callable[[dict[str, Any]], bool] = lambda row: True
    ) -> Run:
        world = small()
        sold(world, "o1")
        run = world.run()
        for row in (run.postgres or {})[table]:
            if which(row):
                row.update(changes)
        return run

    def test_rows_that_differ_from_the_log(self) -> None:
        for table, changes in (
            ("orders", {"status": "FAILED_SOLD_OUT"}),
            ("orders", {"payment_id": "other"}),
            ("item_sales", {"sold_units": 5}),
            ("order_totals", {"units": 5}),
            ("item_stock", {"stocked": 11}),
        ):
            with self.subTest(table=table, changes=changes):
                self.only(self.change(table, changes), "projection-divergence")

    def test_an_order_that_the_projector_went_past(self) -> None:
        run = self.change("orders", {})
        (run.postgres or {})["orders"].clear()
        self.only(run, "poll-skip")

    def test_an_outcome_that_the_projector_went_past(self) -> None:
        run = self.change("orders", {"outcome_offset": None, "status": "PENDING"})
        self.only(run, "poll-skip")

    def test_a_request_that_the_saga_went_past(self) -> None:
        world = small()
        world.buy("o1", "shoe", 1)
        self.shows(self.found(world.run(), "poll-skip"), "saga went past")

    def test_an_offset_that_is_missing(self) -> None:
        world = small()
        sold(world, "o1")
        run = world.run()
        run.records = [one for one in run.records if one.topic != "saga-epochs"]
        self.shows(self.found(run, "poll-skip"), "saga-epochs")

    def test_a_view_that_stays_behind_at_rest(self) -> None:
        world = small()
        run = world.run()
        (run.postgres or {})["item_offsets"][0]["next"] = 0
        (run.postgres or {})["item_stock"].clear()
        self.only(run, "stuck-projection")

    # Redis

    def test_redis_that_differs_from_the_log(self) -> None:
        def stock(keys: dict[str, Any]) -> None:
            keys["{sale}:e0:stock:shoe"]["value"].update(avail="8", sold="2")

        def record(keys: dict[str, Any]) -> None:
            keys["{sale}:e0:order:o1"]["value"] = "F|1|u|shoe|1|SOLD_OUT"

        def forgotten(keys: dict[str, Any]) -> None:
            del keys["{sale}:e0:order:o1"]

        def buyer(keys: dict[str, Any]) -> None:
            next(entry for name, entry in keys.items() if ":buyer:" in name)["value"] = "7"

        def command(keys: dict[str, Any]) -> None:
            keys["{sale}:e0:commands"]["value"] = []

        def closed(keys: dict[str, Any]) -> None:
            keys["{sale}:cur"]["value"]["open"] = "0"

        def other_server(keys: dict[str, Any]) -> None:
            keys["{sale}:cur"]["value"]["run_id"] = "r0"

        for plant in (stock, record, forgotten, buyer, command, closed, other_server):
            with self.subTest(plant=plant.__name__):
                world = small()
                sold(world, "o1")
                run = world.run()
                plant((run.redis or {})["keys"])
                self.only(run, "redis-divergence")

    def test_an_answer_that_redis_remembers_wrongly(self) -> None:
        world = small()
        sold(world, "o1")
        run = world.run()
        accepted = '{"position":{"topic":"order-requests","partition":0,"offset":77}}'
        (run.redis or {})["keys"]["{sale}:accepted:o1"] = {
            "type": "hash",
            "value": {"accepted": accepted},
            "pttl": 5,
        }
        self.only(run, "lost-write")

    # Readers

    def test_a_reader_who_saw_an_order_go_back(self) -> None:
        world = small()
        sold(world, "o1")
        answer = {"status": "PENDING"}
        world.operate("read", "o1", "ok", 200, {}, answer)
        self.only(world.run(), "nonmonotonic-read")

    def test_reads_at_the_same_time_are_in_no_order(self) -> None:
        world = small()
        sold(world, "o1")
        run = world.run()
        last = [one for one in run.operations or [] if one.op == "read"][-1]
        earlier = replace(
            last,
            answer={"status": "PENDING"},
            invoked_ms=last.invoked_ms - 5,
            returned_ms=last.returned_ms + 5,
        )
        run.operations = [*(run.operations or []), earlier]
        self.only(run)

    def test_an_accepted_order_that_was_not_found(self) -> None:
        world = small()
        sold(world, "o1")
        world.operate("read", "o1", "fail", 404, {}, {})
        self.only(world.run(), "nonmonotonic-read")

    def test_a_reader_who_saw_what_the_log_does_not_say(self) -> None:
        world = small()
        world.buy("o1", "shoe", 1)
        world.operate("read", "o1", "ok", 200, {}, {"status": "COMPLETED"})
        self.shows(self.found(world.run(), "phantom-read"), "is PENDING in the log")

    def test_a_reader_who_saw_another_amount(self) -> None:
        world = small()
        sold(world, "o1")
        world.operate("read", "o1", "ok", 200, {}, {"status": "COMPLETED", "amount": 5})
        self.only(world.run(), "phantom-read")

    def test_a_reader_who_saw_a_contradicting_copy_once_the_order_was_decided(self) -> None:
        world = small()
        world.conflict(sold(world, "o1"))
        world.operate("read", "o1", "ok", 200, {}, {"status": "COMPLETED", "amount": 2})
        self.shows(self.found(world.run(), "phantom-read"), "has another amount")

    def test_a_contradicting_copy_may_be_shown_while_the_order_is_pending(self) -> None:
        world = small()
        body = world.buy("o1", "shoe", 1)
        world.conflict(body)
        world.operate("read", "o1", "ok", 200, {}, {"status": "PENDING", "amount": 2})
        world.decide(body)
        self.assertNotIn("phantom-read", {one.name for one in check(world.run()).anomalies})

    # The run

    def test_a_recovery_beyond_its_bound(self) -> None:
        for measure in ("accepting_ms", "answering_ms", "deciding_ms", "caught_up_ms"):
            with self.subTest(measure=measure):
                world = small()
                body = world.buy("o1", "shoe", 1)
                at = world.now
                world.now += 5_000
                world.decide(body)
                sold(world, "o2")
                world.timeline = []
                run = world.run()
                run.timeline = [{"at": at, "event": "fault", "name": "F0", "bounds": {measure: 3_000}}]
                self.only(run, "slow-recovery")
                run.timeline[0]["bounds"] = {measure: 9_000}
                self.only(run)

    def test_a_gap_while_something_is_broken(self) -> None:
        for measure in ("accepting_gap_ms", "answering_gap_ms", "deciding_gap_ms"):
            with self.subTest(measure=measure):
                world = small()
                at = world.now
                sold(world, "o1")
                body = world.buy("o2", "shoe", 1)
                world.now += 5_000
                world.decide(body)
                sold(world, "o3")
                run = world.run()
                fault = {"at": at, "event": "fault", "name": "F0", "bounds": {measure: 3_000}}
                run.timeline = [fault, {"at": world.now, "event": "heal", "name": "F0"}]
                self.only(run, "slow-recovery")
                fault["bounds"] = {measure: 9_000}
                self.only(run)
                # What comes to a stand after it was healed is another bound's matter.
                run.timeline = [{**fault, "bounds": {measure: 3_000}}, {"at": at + 5, "event": "heal", "name": "F0"}]
                self.only(run)

    def test_a_buyer_who_is_left_without_an_answer(self) -> None:
        for status, waits in ((503, 5_000), (None, 1)):
            with self.subTest(status=status):
                world = small()
                at = world.now
                sold(world, "o1")
                pressed = world.operate("buy", "o2", "info", status, {}, {})
                world.operations[-1] = replace(pressed, returned_at=pressed.invoked_at + waits)
                run = world.run()
                fault = {"at": at, "event": "fault", "name": "F0", "bounds": {"replying_gap_ms": 3_000}}
                run.timeline = [fault, {"at": pressed.invoked_at, "event": "heal", "name": "F0"}]
                self.only(run, "slow-recovery")
                run.timeline[1]["at"] = pressed.invoked_at - 1
                self.only(run)

    def test_a_buyer_who_is_turned_away_while_somebody_could_serve(self) -> None:
        world = small()
        at = world.now
        sold(world, "o1")
        pressed = world.operate("buy", "o2", "info", 503, {}, {})
        run = world.run()
        fault = {"at": at, "event": "fault", "name": "F0", "bounds": {"refusing_gap_ms": 0}}
        run.timeline = [fault, {"at": world.now, "event": "heal", "name": "F0"}]
        self.only(run, "slow-recovery")
        operations = run.operations or []
        operations[operations.index(pressed)] = replace(pressed, outcome="fail", status=None)
        self.only(run)

    def test_throughput_that_does_not_come_back(self) -> None:
        world = small(stock=1000)
        for number in range(400):
            world.now += 25 if number < 300 else 100
            sold(world, f"o{number}")
        run = world.run()
        fault = run.records[len(run.records) // 2].at
        run.timeline = [{"at": fault, "event": "fault", "name": "F0"}]
        heal = next(one for one in run.records if one.key_text == "o300").at
        run.timeline.append({"at": heal, "event": "heal", "name": "F0", "bounds": {"throughput_ms": 3_000}})
        self.only(run, "slow-recovery")
        # Where buyers offered no more, no more can come back.
        run.settings["orders_per_second"] = 9
        self.only(run)

    def test_nothing_to_compare_the_throughput_with(self) -> None:
        world = small(stock=1000)
        for number in range(100):
            world.now += 100
            sold(world, f"o{number}")
        run = world.run()
        first = run.records[0].at
        run.timeline = [{"at": first, "event": "fault", "name": "F0", "bounds": {"throughput_ms": 3_000}}]
        self.assertIn("throughput", check(run).untold[0][1])
        run.timeline[0]["at"] += 6_000
        self.only(run)
        run.settings["orders_per_second"] = 30
        self.assertIn("throughput", check(run).untold[0][1])

    def test_a_run_in_which_most_orders_were_never_accepted(self) -> None:
        world = small()
        sold(world, "o1")
        run = world.run()
        self.only(run)
        refused = [one for one in run.operations or () if one.op == "buy"][0]
        for number in range(2):
            (run.operations or []).append(replace(refused, key=f"never{number}", outcome="fail", status=503, answer={}))
        self.assertIn("1 of 3 orders", check(run).untold[0][1])

    def test_decisions_that_take_too_long(self) -> None:
        world = small()
        body = world.buy("o1", "shoe", 1)
        world.now += 5_000
        world.decide(body)
        run = world.run()
        run.settings["decided_p99_ms"] = 2_000
        self.only(run, "slow-recovery")

    def test_a_process_that_ended_by_itself(self) -> None:
        run = small().run()
        run.exits = [{"process": "projector-1", "code": 1, "planned": False}]
        self.shows(self.found(run, "unexpected-exit"), "projector-1")

    # The checker itself

    def test_an_empty_log_cannot_be_judged(self) -> None:
        self.assertEqual(check(Run(records=[], schemas={})).exit_code, 2)

    def test_a_schema_that_was_not_collected_cannot_be_judged(self) -> None:
        world = small()
        run = world.run()
        run.schemas = {}
        self.assertEqual(check(run).exit_code, 2)

    def test_an_input_that_is_missing_is_named(self) -> None:
        run = small().run()
        run.charges = None
        report = check(run)
        self.assertEqual(report.exit_code, 2)
        self.assertIn(("money_follows_orders", "there is no payment journal"), report.untold)

    def test_a_run_in_which_nobody_was_told_yes_proves_nothing(self) -> None:
        run = healthy(1).run()
        run.operations = []
        self.assertIn("nothing was tried", str(check(run).untold))

    def test_every_name_is_planted_here(self) -> None:
        with open(__file__, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual([name for name in NAMES if f'"{name}"' not in text], [])

    def test_thousands_of_anomalies_are_counted_and_some_are_shown(self) -> None:
        world = small(stock=100)
        for number in range(30):
            world.buy(f"o{number}", "shoe", 1)
        data = to_json(check(world.run()))
        self.assertEqual(data["anomalies"]["unresolved"], 30)
        self.assertEqual(sum(1 for one in data["shown"] if one["name"] == "unresolved"), 20)


if __name__ == "__main__":
    unittest.main()
