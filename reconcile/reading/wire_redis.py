"""A few reading commands of Redis over a socket (RESP 2): SCAN, TYPE, and one read for each type."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 10
KEYS_PER_ROUND = 500
REDIRECTIONS_MAX = 5
READS = {
    "string": ("GET", ()),
    "hash": ("HGETALL", ()),
    "set": ("SMEMBERS", ()),
    "zset": ("ZRANGE", ("0", "-1", "WITHSCORES")),
}


class RedisTrouble(Exception):
    """The server does not answer, or answers with an error."""


class Redis:
    def __init__(self, url: str, authority: str = "") -> None:
        """`authority`: PEM of who signed the certificate of a rediss:// server; empty: whom the system trusts."""
        self._parts = urlsplit(url.split(",")[0])
        self._authority = authority or None
        self._connect(self._parts.hostname or "127.0.0.1", self._parts.port or 6379)

    def _connect(self, host: str, port: int) -> None:
        parts = self._parts
        self._host = host
        plain = socket.create_connection((host, port), TIMEOUT_SECONDS)
        self._socket = plain
        if parts.scheme == "rediss":
            tls = ssl.create_default_context(cadata=self._authority)
            self._socket = tls.wrap_socket(plain, server_hostname=host)
        self._file = self._socket.makefile("rb")
        if parts.password:
            user = (unquote(parts.username),) if parts.username else ()
            self.call("AUTH", *user, unquote(parts.password))
        if parts.path.strip("/"):
            self.call("SELECT", parts.path.strip("/"))

    def close(self) -> None:
        self._socket.close()

    def call(self, *command: str) -> Any:
        """
        In a cluster it goes on with the node that has the key. All keys of a sale are on one, so one call is enough to find
        it; a slot that moves later is trouble, because a pipeline cannot follow it.
        """
        for _ in range(REDIRECTIONS_MAX):
            try:
                return self.pipeline([command])[0]
            except RedisTrouble as trouble:
                if not str(trouble).startswith("MOVED "):
                    raise
                host, _, port = str(trouble).split(" ")[2].rpartition(":")
                self.close()
                self._connect(host or self._host, int(port))
        raise RedisTrouble("the nodes of the cluster send from one to the other")

    def pipeline(self, commands: Iterable[tuple[str, ...]]) -> list[Any]:
        listed = list(commands)
        self._socket.sendall(b"".join(_encode(command) for command in listed))
        return [self._answer() for _ in listed]

    def _answer(self) -> Any:
        line = self._file.readline()
        if not line:
            raise RedisTrouble("the server closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise RedisTrouble(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return (
                None
                if rest == b"-1"
                else self._file.read(int(rest) + 2)[:-2].decode("utf-8", "backslashreplace")
            )
        if kind == b"*":
            return None if rest == b"-1" else [self._answer() for _ in range(int(rest))]
        raise RedisTrouble(f"an answer that begins with {kind!r}")

    def info(self, section: str) -> dict[str, str]:
        lines = self.call("INFO", section).splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def keys(self, pattern: str) -> list[str]:
        cursor, found = "0", set()
        while True:
            cursor, names = self.call("SCAN", cursor, "MATCH", pattern, "COUNT", "1000")
            found.update(names)
            if cursor == "0":
                return sorted(found)

    def dump(self, pattern: str) -> dict[str, dict[str, Any]]:
        """By key: type, value and how long it lives (`pttl` in ms, -1 for ever)."""
        dumped: dict[str, dict[str, Any]] = {}
        names = self.keys(pattern)
        for at in range(0, len(names), KEYS_PER_ROUND):
            some = names[at : at + KEYS_PER_ROUND]
            types = self.pipeline(("TYPE", name) for name in some)
            known = [(name, kind) for name, kind in zip(some, types) if kind in READS]
            values = self.pipeline((READS[kind][0], name, *READS[kind][1]) for name, kind in known)
            lives = self.pipeline(("PTTL", name) for name, _ in known)
            for (name, kind), value, pttl in zip(known, values, lives):
                shown = dict(zip(value[::2], value[1::2])) if kind == "hash" else value
                dumped[name] = {"type": kind, "value": shown, "pttl": pttl}
        return dumped


def _encode(command: tuple[str, ...]) -> bytes:
    parts = [part.encode("utf-8") for part in command]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
