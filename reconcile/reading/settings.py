"""Settings as the services read them: from the variable, or from the file that <NAME>_FILE names."""

from __future__ import annotations

from collections.abc import Mapping


def setting(settings: Mapping[str, str], name: str) -> str:
    file = settings.get(f"{name}_FILE")
    if not file:
        return settings.get(name, "")
    with open(file, encoding="utf-8") as opened:
        return opened.read().strip()
