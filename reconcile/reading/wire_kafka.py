"""A Kafka reader of its own, from the protocol's description: no group, no transactions, nothing written.

It speaks Metadata 1, ListOffsets 1, Fetch 4, FindCoordinator 1 and OffsetFetch 1, which brokers from 0.11 to 4.x know, and
where one must log in SaslHandshake 1 and SaslAuthenticate 0, from 1.0 on.
"""

from __future__ import annotations

import gzip
import socket
import struct
from collections.abc import Iterator
from typing import Optional

from avro import _long
from kafka_access import Access
from records import Record

LIST_OFFSETS, FETCH, METADATA, FIND_COORDINATOR, OFFSET_FETCH = 2, 1, 3, 10, 9
SASL_HANDSHAKE, SASL_AUTHENTICATE = 17, 36
EARLIEST, LATEST = -2, -1
TIMEOUT_SECONDS = 15
FETCH_BYTES = 4 * 1024 * 1024


class KafkaTrouble(Exception):
    """The broker does not answer, or answers with an error."""


class Answer:
    """Reads big-endian fields one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self, layout: str) -> int:
        value = struct.unpack_from(f">{layout}", self.data, self.at)[0]
        self.at += struct.calcsize(f">{layout}")
        return value

    def text(self) -> Optional[str]:
        size = self.number("h")
        return None if size < 0 else self.raw(size).decode()

    def raw(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def count(self) -> int:
        return max(0, self.number("i"))


def _text(value: Optional[str]) -> bytes:
    if value is None:
        return struct.pack(">h", -1)
    raw = value.encode()
    return struct.pack(">h", len(raw)) + raw


class Connection:
    """One request at a time to one broker."""

    def __init__(self, host: str, port: int, access: Access) -> None:
        plain = socket.create_connection((host, port), TIMEOUT_SECONDS)
        self._socket = access.tls.wrap_socket(plain, server_hostname=host) if access.tls else plain
        self._correlation = 0
        if access.mechanism:
            answer = self.ask(SASL_HANDSHAKE, 1, _text(access.mechanism.upper()))
            _refuse(answer.number("h"), f"SASL with {access.mechanism}")
            access.login(self._authenticate)

    def _authenticate(self, said: bytes) -> bytes:
        answer = self.ask(SASL_AUTHENTICATE, 0, struct.pack(">i", len(said)) + said)
        code, why = answer.number("h"), answer.text()
        if code != 0:
            raise KafkaTrouble(f"the broker does not let us in: {why or f'error {code}'}")
        return answer.raw(answer.count())

    def close(self) -> None:
        self._socket.close()

    def ask(self, api: int, version: int, body: bytes) -> Answer:
        self._correlation += 1
        head = struct.pack(">hhi", api, version, self._correlation) + _text("history-checker")
        self._socket.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
        answer = Answer(self._exactly(struct.unpack(">i", self._exactly(4))[0]))
        if answer.number("i") != self._correlation:
            raise KafkaTrouble("an answer to another question")
        return answer

    def _exactly(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size > 0:
            part = self._socket.recv(min(size, 1 << 20))
            if not part:
                raise KafkaTrouble("the broker closed the connection")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _signed_varint(data: bytes, at: int) -> tuple[int, int]:
    """Kafka's varints are Avro's."""
    return _long(data, at)


def _sized(data: bytes, at: int) -> tuple[Optional[bytes], int]:
    size, at = _signed_varint(data, at)
    return (None, at) if size < 0 else (data[at : at + size], at + size)


def _records_of(topic: str, partition: int, batch: bytes, base: int) -> Iterator[Record]:
    """The records of one batch of format 2, given from its partition leader epoch on."""
    attributes, last_delta, first_at, max_at = struct.unpack_from(">hiqq", batch, 9)
    count = struct.unpack_from(">i", batch, 45)[0]
    body = batch[49:]
    codec = attributes & 7
    is_control = bool(attributes & 0x20)
    if codec == 1:
        body = gzip.decompress(body)
    elif codec != 0:
        raise KafkaTrouble(f"{topic}:{partition}:{base} is compressed with codec {codec}")
    is_append_time = bool(attributes & 8)
    at = 0
    for _ in range(count):
        _, at = _signed_varint(body, at)
        at += 1
        time_delta, at = _signed_varint(body, at)
        offset_delta, at = _signed_varint(body, at)
        key, at = _sized(body, at)
        value, at = _sized(body, at)
        headers: dict[str, bytes] = {}
        header_count, at = _signed_varint(body, at)
        for _ in range(header_count):
            name, at = _sized(body, at)
            content, at = _sized(body, at)
            headers[(name or b"").decode("utf-8", "replace")] = content or b""
        appended = max_at if is_append_time else first_at + time_delta
        if is_control:
            # A stranger's transaction ended here: an offset that holds nothing to process.
            key, value = None, None
        yield Record(topic, partition, base + offset_delta, appended, key, value, headers)


def records_in(topic: str, partition: int, data: bytes) -> Iterator[Record]:
    """Whole batches only: a fetch may end in the middle of one."""
    at = 0
    while at + 12 <= len(data):
        base, size = struct.unpack_from(">qi", data, at)
        if at + 12 + size > len(data):
            return
        batch = data[at + 12 : at + 12 + size]
        if batch[4] != 2:
            raise KafkaTrouble(f"{topic}:{partition}:{base} has message format {batch[4]}")
        yield from _records_of(topic, partition, batch, base)
        at += 12 + size


class Cluster:
    """Finds leaders and reads partitions from them."""

    def __init__(self, brokers: str, access: Access = Access()) -> None:
        self._access = access
        self._connections: dict[tuple[str, int], Connection] = {}
        self._seeds = [_address(broker) for broker in brokers.split(",")]
        self._nodes: dict[int, tuple[str, int]] = {}
        self.leaders: dict[str, dict[int, int]] = {}
        self._learn()

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()

    def _connection(self, address: tuple[str, int]) -> Connection:
        if address not in self._connections:
            self._connections[address] = Connection(*address, self._access)
        return self._connections[address]

    def _leader(self, topic: str, partition: int) -> Connection:
        return self._connection(self._nodes[self.leaders[topic][partition]])

    def _ask_any(self, api: int, version: int, body: bytes) -> Answer:
        """What every broker knows, of the first that answers."""
        trouble: Optional[Exception] = None
        for seed in self._seeds:
            try:
                return self._connection(seed).ask(api, version, body)
            except (OSError, KafkaTrouble) as error:
                self._connections.pop(seed, None)
                trouble = error
        raise KafkaTrouble(f"no broker answers: {trouble}")

    def _learn(self) -> None:
        answer = self._ask_any(METADATA, 1, struct.pack(">i", -1))
        for _ in range(answer.count()):
            node, host, port = answer.number("i"), answer.text(), answer.number("i")
            answer.text()
            self._nodes[node] = (host or "", port)
        answer.number("i")
        for _ in range(answer.count()):
            answer.number("h")
            topic = answer.text() or ""
            answer.number("b")
            self.leaders[topic] = _leaders(answer)

    def range_of(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset, and the one that the next record will get."""
        return (self._offset(topic, partition, EARLIEST), self._offset(topic, partition, LATEST))

    def _offset(self, topic: str, partition: int, when: int) -> int:
        body = struct.pack(">ii", -1, 1) + _text(topic) + struct.pack(">iiq", 1, partition, when)
        answer = self._leader(topic, partition).ask(LIST_OFFSETS, 1, body)
        answer.count()
        answer.text()
        answer.count()
        answer.number("i")
        _refuse(answer.number("h"), f"ListOffsets of {topic}:{partition}")
        answer.number("q")
        return answer.number("q")

    def read(self, topic: str, partition: int, low: int, high: int) -> Iterator[Record]:
        """Every record from `low` up to, not including, `high`, uncommitted ones included."""
        at = low
        while at < high:
            last = at
            for record in records_in(topic, partition, self._fetch(topic, partition, at)):
                if at <= record.offset < high:
                    yield record
                last = max(last, record.offset + 1)
            if last == at:
                raise KafkaTrouble(f"no progress at {topic}:{partition}:{at}")
            at = last

    def _fetch(self, topic: str, partition: int, offset: int) -> bytes:
        body = struct.pack(">iiiib", -1, 1000, 1, FETCH_BYTES, 0) + struct.pack(">i", 1) + _text(topic)
        body += struct.pack(">iiqi", 1, partition, offset, FETCH_BYTES)
        answer = self._leader(topic, partition).ask(FETCH, 4, body)
        answer.number("i")
        answer.count()
        answer.text()
        answer.count()
        answer.number("i")
        _refuse(answer.number("h"), f"Fetch of {topic}:{partition}")
        answer.number("q")
        answer.number("q")
        for _ in range(answer.count()):
            answer.number("q")
            answer.number("q")
        return answer.raw(answer.count())

    def committed(self, group: str, topic: str) -> dict[int, int]:
        """The group's next offset by partition; partitions without one are left out."""
        answer = self._ask_any(FIND_COORDINATOR, 1, _text(group) + b"\x00")
        answer.number("i")
        _refuse(answer.number("h"), f"the coordinator of {group}")
        answer.text()
        node = answer.number("i")
        partitions = sorted(self.leaders.get(topic, {}))
        body = _text(group) + struct.pack(">i", 1) + _text(topic)
        body += struct.pack(f">i{len(partitions)}i", len(partitions), *partitions)
        answer = self._connection(self._nodes[node]).ask(OFFSET_FETCH, 1, body)
        offsets: dict[int, int] = {}
        for _ in range(answer.count()):
            answer.text()
            for _ in range(answer.count()):
                partition, offset = answer.number("i"), answer.number("q")
                answer.text()
                _refuse(answer.number("h"), f"the offsets of {group}")
                if offset >= 0:
                    offsets[partition] = offset
        return offsets


def _address(broker: str) -> tuple[str, int]:
    host, _, port = broker.strip().rpartition(":")
    return (host, int(port))


def _refuse(code: int, what: str) -> None:
    if code != 0:
        raise KafkaTrouble(f"{what} failed with error {code}")


def _leaders(answer: Answer) -> dict[int, int]:
    leaders: dict[int, int] = {}
    for _ in range(answer.count()):
        answer.number("h")
        partition, leader = answer.number("i"), answer.number("i")
        for _ in range(2):
            for _ in range(answer.count()):
                answer.number("i")
        leaders[partition] = leader
    return leaders
