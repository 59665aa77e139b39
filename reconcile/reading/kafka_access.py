"""How a reader is let in by Kafka: TLS, and SASL with PLAIN or SCRAM, by the settings that the services have."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable, Optional

from scram import Scram
from settings import setting

ALGORITHMS = {"scram-sha-256": "sha256", "scram-sha-512": "sha512"}
TRUE = ("true", "yes", "1")


@dataclass(frozen=True)
class Access:
    tls: Optional[ssl.SSLContext] = None
    mechanism: Optional[str] = None
    user: str = ""
    password: str = ""

    def login(self, ask: Callable[[bytes], bytes]) -> None:
        """Proves who we are; `ask` sends what one side says and gives back what the other one answers."""
        algorithm = ALGORITHMS.get(self.mechanism or "")
        if algorithm is None:
            ask(b"\x00" + self.user.encode() + b"\x00" + self.password.encode())
            return
        scram = Scram(algorithm, self.user, self.password)
        ask(scram.final(ask(scram.first()).decode()))


def access_of(settings: Mapping[str, str]) -> Access:
    tls = None
    if settings.get("KAFKA_SSL", "").lower() in TRUE:
        tls = ssl.create_default_context(cadata=setting(settings, "KAFKA_SSL_CA") or None)
    mechanism = settings.get("KAFKA_SASL_MECHANISM", "").lower() or None
    password = setting(settings, "KAFKA_SASL_PASSWORD")
    return Access(tls, mechanism, settings.get("KAFKA_SASL_USERNAME", ""), password)
