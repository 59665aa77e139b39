"""What the checker reads by itself: Avro, record batches, run folders."""

import io
import json
import struct
import tempfile
import threading
import unittest
from contextlib import redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

import cli
import collect
from avro import DecodeError, Schema, framed_schema_id
from events import Decoder
from fetch import fetch, without_credentials
from kafka_access import access_of
from records import OUTCOMES, REQUESTS, TOPICS, Event, Operation, Poison, Record, Run, record_to_line
from scram import Scram
from synthetic import VERSIONS, encode, framed, healthy, schema_texts
from wire_kafka import FIND_COORDINATOR, METADATA, Answer, Cluster, KafkaTrouble, records_in


class Login(unittest.TestCase):
    def test_a_password_is_proved_as_in_rfc_7677(self) -> None:
        scram = Scram("sha256", "user", "pencil", "rOprNGfwEbeRWgbNEkqO")
        self.assertEqual(scram.first(), b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
        nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
        proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        said = scram.final(f"r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
        self.assertEqual(said.decode(), f"c=biws,r={nonce},p={proof}")

    def test_kafka_is_told_by_the_mechanism_of_the_settings(self) -> None:
        said: list[bytes] = []

        def ask(text: bytes) -> bytes:
            said.append(text)
            return b"r=x,s=AAAA,i=4096"

        user = {"KAFKA_SASL_USERNAME": "u", "KAFKA_SASL_PASSWORD": "p"}
        access_of({"KAFKA_SASL_MECHANISM": "plain", **user}).login(ask)
        access_of({"KAFKA_SASL_MECHANISM": "scram-sha-512", **user}).login(ask)
        self.assertEqual([one[:6] for one in said], [b"\x00u\x00p", b"n,,n=u", b"c=biws"])
        self.assertIsNone(access_of({}).mechanism)


class BusyCluster:
    """One partition each, and an order that is requested and decided between any two questions."""

    leaders = {topic: {0: 1} for topic in TOPICS}

    def __init__(self) -> None:
        self.orders = 0

    def range_of(self, _topic: str, _partition: int) -> tuple[int, int]:
        self.orders += 1
        return (0, self.orders)


class Ranges(unittest.TestCase):
    def test_no_outcome_is_read_whose_request_came_after_the_end(self) -> None:
        ranges = collect.ranges_of(BusyCluster())  # type: ignore[arg-type]
        self.assertEqual(tuple(ranges), TOPICS)
        self.assertLess(ranges[OUTCOMES][0][1], ranges[REQUESTS][0][1])


class FirstBrokerDown:
    """Connections to two brokers of which the first answers until it is stopped."""

    down: set[str] = set()

    def __init__(self, host: str, _port: int, _access: Any) -> None:
        self.host = host

    def ask(self, api: int, _version: int, _body: bytes) -> Answer:
        if self.host in self.down:
            raise KafkaTrouble("the broker closed the connection")
        host = struct.pack(">h", 6) + b"second"
        broker = struct.pack(">i", 2) + host + struct.pack(">i", 9092)
        return Answer({
            METADATA: struct.pack(">i", 1) + broker + struct.pack(">h", -1) + struct.pack(">ii", 2, 0),
            FIND_COORDINATOR: struct.pack(">ihh", 0, 0, -1) + broker,
        }.get(api, struct.pack(">i", 0)))


class Brokers(unittest.TestCase):
    def test_a_group_is_asked_for_at_the_next_broker_when_the_first_one_went(self) -> None:
        for down_at_start in (True, False):
            with self.subTest(down_at_start=down_at_start), mock.patch("wire_kafka.Connection", FirstBrokerDown):
                FirstBrokerDown.down = {"first"} if down_at_start else set()
                cluster = Cluster("first:9092,second:9092")
                FirstBrokerDown.down = {"first"}
                self.assertEqual(cluster.committed("saga", REQUESTS), {})

    def test_no_broker_that_answers_is_said_with_why(self) -> None:
        FirstBrokerDown.down = {"first", "second"}
        with mock.patch("wire_kafka.Connection", FirstBrokerDown):
            with self.assertRaisesRegex(KafkaTrouble, "no broker answers: the broker closed"):
                Cluster("first:9092,second:9092")


class Fetching(unittest.TestCase):
    def test_the_user_of_an_address_is_sent_as_a_header_and_shown_nowhere(self) -> None:
        seen: list[tuple[str, Any]] = []

        class Registry(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                seen.append((self.path, self.headers["Authorization"]))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Registry) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            port = server.server_port
            self.assertEqual(fetch(f"http://127.0.0.1:{port}/a", 5), b"{}")
            self.assertEqual(fetch(f"http://u:p%40ss@127.0.0.1:{port}/b?c", 5), b"{}")
            server.shutdown()
        self.assertEqual(seen, [("/a", None), ("/b?c", "Basic dTpwQHNz")])
        self.assertEqual(without_credentials("http://u:p@host:1/x"), "http://host:1/x")


class Avro(unittest.TestCase):
    def read(self, schema: Any, data: bytes) -> Any:
        return Schema(json.dumps(schema)).decode(data)

    def test_every_kind_of_value(self) -> None:
        for schema, data, value in (
            ("long", b"\x01", -1),
            ("long", b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", 2**63 - 1),
            ("string", b"\x06h\xc3\xa9", "hé"),
            ("bytes", b"\x02\x00", b"\x00"),
            ("boolean", b"\x01", True),
            ("float", struct.pack("<f", 1.5), 1.5),
            ("double", struct.pack("<d", 1.5), 1.5),
            (["null", "int"], b"\x02\x04", 2),
            ({"type": "array", "items": "int"}, b"\x04\x02\x04\x00", [1, 2]),
            ({"type": "array", "items": "int"}, b"\x03\x04\x02\x04\x00", [1, 2]),
            ({"type": "map", "values": "int"}, b"\x02\x02a\x02\x00", {"a": 1}),
            ({"type": "enum", "name": "E", "symbols": ["A", "B"]}, b"\x02", "B"),
            ({"type": "fixed", "name": "F", "size": 2}, b"ab", b"ab"),
        ):
            with self.subTest(schema=schema):
                self.assertEqual(self.read(schema, data), value)

    def test_bytes_that_are_too_few_or_too_many(self) -> None:
        for schema, data in (
            ("int", b""),
            ("int", b"\x80"),
            ("string", b"\x08ab"),
            ("int", b"\x02\x00"),
            ("boolean", b"\x02"),
        ):
            with self.subTest(schema=schema, data=data), self.assertRaises(DecodeError):
                self.read(schema, data)

    def test_a_branch_or_symbol_that_does_not_exist(self) -> None:
        for schema in (["null", "int"], {"type": "enum", "name": "E", "symbols": ["A"]}):
            with self.subTest(schema=schema), self.assertRaises(DecodeError):
                self.read(schema, b"\x08")

    def test_a_record_that_holds_itself(self) -> None:
        schema = {
            "type": "record",
            "name": "N",
            "namespace": "a",
            "fields": [{"name": "next", "type": ["null", "N"]}],
        }
        self.assertEqual(self.read(schema, b"\x02\x00"), {"next": {"next": None}})

    def test_framing(self) -> None:
        self.assertEqual(framed_schema_id(b"\x00\x00\x00\x00\x07x"), 7)
        for value in (b"", b"\x01\x00\x00\x00\x07", b"\x00\xff\xff\xff\xff", b"\x00\x00"):
            with self.subTest(value=value), self.assertRaises(DecodeError):
                framed_schema_id(value)


class Events(unittest.TestCase):
    def read(self, value: Any, key: str = "r", topic: str = REQUESTS) -> Any:
        record = Record(topic, 0, 0, 1, key.encode(), value, {})
        return Decoder({**schema_texts(), 50: None, 51: '{"type":"record","name":"Other","fields":[]}'}).read(
            record
        )

    def order(self, **changes: Any) -> dict[str, Any]:
        fields = {
            "request_id": "r",
            "user_id": "u",
            "item_id": "i",
            "amount": 1,
            "requested_at": 5,
            "sales_channel": None,
        }
        return {**fields, **changes}

    def test_every_version_reads_as_today(self) -> None:
        for schema_id, (kind, _) in VERSIONS.items():
            if kind == "OrderRequested":
                event = self.read(framed(kind, self.order(), schema_id))
                self.assertIsInstance(event, Event)
                self.assertIsNone(event.fields["sales_channel"])

    def test_poison_by_reason(self) -> None:
        for value, key, reason in (
            (None, "r", "NULL_VALUE"),
            (b"{}", "r", "NOT_FRAMED"),
            (b"\x00\x00\x00\x00\x32", "r", "UNKNOWN_SCHEMA"),
            (b"\x00\x00\x00\x00\x33", "r", "FOREIGN_TYPE"),
            (
                framed("EpochClaimed", {"claimed_by": "x", "reason": "x", "claimed_at": 1}),
                "r",
                "FOREIGN_TYPE",
            ),
            (framed("OrderRequested", self.order())[:-3], "r", "UNDECODABLE"),
            (framed("OrderRequested", self.order(amount=-1)), "r", "INVALID_FIELD"),
            (framed("OrderRequested", self.order(user_id="a b")), "r", "INVALID_FIELD"),
            (framed("OrderRequested", self.order()), "other", "INVALID_FIELD"),
        ):
            with self.subTest(reason=reason):
                poison = self.read(value, key)
                self.assertIsInstance(poison, Poison)
                self.assertEqual(poison.reason, reason)


def batch(base: int, values: list[bytes], attributes: int = 0, max_at: int = 9) -> bytes:
    """A record batch of format 2, without a valid checksum: the broker has looked at it already."""

    def number(value: int) -> bytes:
        return encode("long", value)

    body = b""
    for delta, value in enumerate(values):
        header = number(1) + number(1) + b"h" + number(2) + b"hv"
        record = (
            b"\x00" + number(delta) + number(delta) + number(1) + b"k" + number(len(value)) + value + header
        )
        body += number(len(record)) + record
    fixed = struct.pack(
        ">ibihiqqqhii", 0, 2, 0, attributes, len(values) - 1, 5, max_at, -1, -1, -1, len(values)
    )
    return struct.pack(">qi", base, len(fixed) + len(body)) + fixed + body


class Batches(unittest.TestCase):
    def test_records_of_whole_batches(self) -> None:
        data = batch(10, [b"a", b"b"]) + batch(12, [b"c"]) + batch(13, [b"cut"])[:-4]
        records = list(records_in("t", 3, data))
        self.assertEqual(
            [(one.offset, one.value, one.at) for one in records],
            [(10, b"a", 5), (11, b"b", 6), (12, b"c", 5)],
        )
        self.assertEqual((records[0].key, records[0].headers), (b"k", {"h": b"hv"}))

    def test_append_time_is_the_batch_s(self) -> None:
        records = list(records_in("t", 3, batch(0, [b"a", b"b"], attributes=8, max_at=77)))
        self.assertEqual([one.at for one in records], [77, 77])

    def test_the_marker_of_a_transaction_is_a_record_of_nothing(self) -> None:
        [marker] = records_in("t", 3, batch(4, [b"a"], attributes=0x30))
        self.assertEqual((marker.offset, marker.key, marker.value), (4, None, None))


def save(run: Run, folder: Path) -> None:
    def lines(name: str, rows: Any) -> None:
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def operation(one: Operation) -> dict[str, Any]:
        return dict(one.__dict__)

    lines("log.jsonl", (record_to_line(record) for record in run.records))
    lines("history.jsonl", (operation(one) for one in run.operations or []))
    lines("audits.jsonl", run.audits or [])
    lines("payments.jsonl", (charge.line for charge in run.charges or []))
    lines("timeline.jsonl", run.timeline)
    lines("exits.jsonl", run.exits or [])
    for name, content in (
        ("schemas.json", run.schemas),
        ("offsets.json", {"ranges": run.ranges, "committed": run.committed}),
        ("redis.json", run.redis),
        ("postgres.json", run.postgres),
        ("run.json", run.settings),
    ):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


class Folders(unittest.TestCase):
    def judge(self, folder: str, *more: str) -> int:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return cli.main(["check", folder, *more])

    def test_a_healthy_folder_is_clean(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            save(healthy(3).run(), Path(folder))
            self.assertEqual(self.judge(folder, "--json", f"{folder}/verdict.json"), 0)
            verdict = json.loads(Path(folder, "verdict.json").read_text())
            self.assertEqual(verdict["verdict"], "clean")
            self.assertEqual(verdict["untold"], [])

    def test_an_anomaly_exits_with_1(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            world = healthy(3)
            world.buy("late", "item0", 1)
            save(world.run(), Path(folder))
            self.assertEqual(self.judge(folder), 1)

    def test_a_folder_that_cannot_be_read_exits_with_2(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.judge(folder), 2)
            Path(folder, "log.jsonl").write_text("{nonsense\n")
            self.assertEqual(self.judge(folder), 2)
            Path(folder, "log.jsonl").write_text('{"topic":"order-requests"}\n')
            self.assertEqual(self.judge(folder), 2)


if __name__ == "__main__":
    unittest.main()
