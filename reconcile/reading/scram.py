"""SCRAM (RFC 5802), the client's side of it: what a password is proved with to PostgreSQL and to Kafka."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Optional


class Scram:
    """One conversation: `first`, then `final` with what the server said to it. What the server proves is not looked at."""

    def __init__(self, algorithm: str, user: str, password: str, nonce: Optional[str] = None) -> None:
        self._algorithm = algorithm
        self._password = password
        name = user.replace("=", "=3D").replace(",", "=2C")
        self._bare = f"n={name},r={nonce or base64.b64encode(os.urandom(18)).decode()}"

    def first(self) -> bytes:
        return f"n,,{self._bare}".encode()

    def final(self, challenge: str) -> bytes:
        said = dict(part.split("=", 1) for part in challenge.split(","))
        salt, rounds = base64.b64decode(said["s"]), int(said["i"])
        salted = hashlib.pbkdf2_hmac(self._algorithm, self._password.encode(), salt, rounds)
        key = self._mac(salted, b"Client Key")
        closing = f"c=biws,r={said['r']}"
        signature = self._mac(
            hashlib.new(self._algorithm, key).digest(), f"{self._bare},{challenge},{closing}".encode()
        )
        proof = base64.b64encode(bytes(one ^ other for one, other in zip(key, signature)))
        return f"{closing},p={proof.decode()}".encode()

    def _mac(self, key: bytes, message: bytes) -> bytes:
        return hmac.new(key, message, self._algorithm).digest()
