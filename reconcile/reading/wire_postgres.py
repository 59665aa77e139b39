"""Queries to PostgreSQL over a socket (protocol 3, SCRAM-SHA-256, cleartext or no password), results as text."""

from __future__ import annotations

import base64
import socket
import ssl
import struct
from typing import Any, Callable
from urllib.parse import parse_qs, unquote, urlsplit

from scram import Scram

TIMEOUT_SECONDS = 30
BOOLEAN, BYTEA, BIGINT, SMALLINT, INTEGER = 16, 17, 20, 21, 23


class PostgresTrouble(Exception):
    """The server does not answer, or answers with an error."""


def _bytea(text: str) -> str:
    """As base64: dumps are JSON."""
    return base64.b64encode(bytes.fromhex(text[2:])).decode("ascii")


READERS: dict[int, Callable[[str], Any]] = {
    BOOLEAN: lambda text: text == "t",
    BYTEA: _bytea,
    BIGINT: int,
    SMALLINT: int,
    INTEGER: int,
}


class Postgres:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or "127.0.0.1"
        self._user = unquote(parts.username or "postgres")
        self._password = unquote(parts.password or "")
        self._socket: socket.socket = socket.create_connection((host, parts.port or 5432), TIMEOUT_SECONDS)
        parameters = parse_qs(parts.query)
        mode = parameters.get("sslmode", ["disable"])[0]
        if mode not in ("disable", "allow", "prefer"):
            self._socket.sendall(struct.pack(">ii", 8, 80877103))
            if self._socket.recv(1) != b"S":
                raise PostgresTrouble("the server speaks no TLS")
            tls = ssl.create_default_context(cafile=parameters.get("sslrootcert", [None])[0])
            self._socket = tls.wrap_socket(self._socket, server_hostname=host)
        self._file = self._socket.makefile("rb")
        self._greet(parts.path.lstrip("/") or self._user)

    def close(self) -> None:
        self._socket.close()

    def query(self, sql: str) -> list[dict[str, Any]]:
        self._send(b"Q", sql.encode() + b"\x00")
        columns: list[tuple[str, int]] = []
        rows: list[dict[str, Any]] = []
        trouble = ""
        while True:
            kind, body = self._receive()
            if kind == b"T":
                columns = _columns(body)
            elif kind == b"D":
                rows.append(_row(columns, body))
            elif kind == b"E":
                trouble = _complaint(body)
            elif kind == b"Z":
                if trouble:
                    raise PostgresTrouble(trouble)
                return rows

    def _greet(self, database: str) -> None:
        names = b"user\x00%s\x00database\x00%s\x00\x00" % (self._user.encode(), database.encode())
        self._socket.sendall(struct.pack(">ii", 8 + len(names), 196608) + names)
        while True:
            kind, body = self._receive()
            if kind == b"E":
                raise PostgresTrouble(_complaint(body))
            if kind == b"R":
                self._authenticate(struct.unpack_from(">i", body)[0], body[4:])
            if kind == b"Z":
                return

    def _authenticate(self, how: int, body: bytes) -> None:
        if how == 0:
            return
        if how == 3:
            self._send(b"p", self._password.encode() + b"\x00")
        elif how == 10 and b"SCRAM-SHA-256" in body:
            self._scram()
        elif how not in (11, 12):
            raise PostgresTrouble(f"authentication {how} is not spoken here")

    def _scram(self) -> None:
        # The user is the one that the connection began with, and stands nowhere in the conversation.
        scram = Scram("sha256", "", self._password)
        first = scram.first()
        self._send(b"p", b"SCRAM-SHA-256\x00" + struct.pack(">i", len(first)) + first)
        kind, body = self._receive()
        if kind == b"E":
            raise PostgresTrouble(_complaint(body))
        self._send(b"p", scram.final(body[4:].decode()))

    def _send(self, kind: bytes, body: bytes) -> None:
        self._socket.sendall(kind + struct.pack(">i", len(body) + 4) + body)

    def _receive(self) -> tuple[bytes, bytes]:
        head = self._file.read(5)
        if len(head) < 5:
            raise PostgresTrouble("the server closed the connection")
        return head[:1], self._file.read(struct.unpack(">i", head[1:])[0] - 4)


def _columns(body: bytes) -> list[tuple[str, int]]:
    count = struct.unpack_from(">h", body)[0]
    at = 2
    columns: list[tuple[str, int]] = []
    for _ in range(count):
        end = body.index(b"\x00", at)
        name = body[at:end].decode()
        columns.append((name, struct.unpack_from(">i", body, end + 7)[0]))
        at = end + 19
    return columns


def _row(columns: list[tuple[str, int]], body: bytes) -> dict[str, Any]:
    at = 2
    row: dict[str, Any] = {}
    for name, kind in columns:
        size = struct.unpack_from(">i", body, at)[0]
        at += 4
        if size < 0:
            row[name] = None
            continue
        text = body[at : at + size].decode("utf-8", "replace")
        at += size
        row[name] = READERS.get(kind, str)(text)
    return row


def _complaint(body: bytes) -> str:
    fields = {part[:1]: part[1:] for part in body.split(b"\x00") if part}
    return fields.get(b"M", b"an error without a message").decode("utf-8", "replace")
