"""Which record of the log a dead letter is about, by its headers."""

from __future__ import annotations

from typing import Optional

from records import Place, Record


def source_of(letter: Record) -> Optional[Place]:
    """Where a letter says it came from; None when it does not say."""
    try:
        topic = letter.headers["dlq-source-topic"].decode()
        partition = int(letter.headers["dlq-source-partition"])
        return (topic, partition, int(letter.headers["dlq-source-offset"]))
    except (KeyError, ValueError):
        return None


def redriven_from(letter: Record) -> Optional[Place]:
    """The letter that an operator had tried again, when this record is that attempt."""
    topic, _, rest = letter.headers.get("redrive-of", b"").decode("utf-8", "replace").partition(":")
    partition, _, offset = rest.partition(":")
    is_place = partition.isdigit() and offset.isdigit() and "redrive-command" in letter.headers
    return (topic, int(partition), int(offset)) if is_place else None


def place_of(letter: Record) -> Place:
    """The letter it counts as: a redriven record that is parked again is the first letter still."""
    return redriven_from(letter) or source_of(letter) or letter.place
