"""Whether what cannot be processed is in the dead-letter topic once, with its reason and its bytes: invariant 7."""

from __future__ import annotations

from collections import defaultdict
from typing import Optional, Union

from anomaly import Anomaly
from check_requests import conflicting_requests
from facts import Facts
from letter_places import source_of
from records import (
    ADJUSTMENTS,
    LETTERS,
    OUTCOMES,
    REQUESTS,
    RETRIES,
    Event,
    Place,
    Poison,
    Record,
)

PREFIX = "dlq-"
PARKED_TOPICS = (REQUESTS, OUTCOMES, ADJUSTMENTS, RETRIES)


def reason_of(letter: Record) -> str:
    return letter.headers.get(f"{PREFIX}reason", b"").decode("utf-8", "replace")


def expected_letters(facts: Facts) -> dict[Place, tuple[str, Union[Event, Poison]]]:
    """By source place: the reason, and the record that must be parked."""
    expected: dict[Place, tuple[str, Union[Event, Poison]]] = {}
    for poison in facts.fold.poison:
        if poison.record.topic in PARKED_TOPICS:
            expected[poison.record.place] = (poison.reason, poison)
    for order in facts.fold.orders.values():
        for request in conflicting_requests(order):
            expected[request.place] = ("CONFLICT", request)
    return expected


def _original(letter: Record) -> dict[str, bytes]:
    return {name: value for name, value in letter.headers.items() if not name.startswith(PREFIX)}


def _judge(
    facts: Facts, letter: Record, expected: dict[Place, tuple[str, Union[Event, Poison]]]
) -> list[Anomaly]:
    place = source_of(letter)
    if place is None:
        return [Anomaly("dlq-wrong", "a dead letter does not say where it comes from", [letter])]
    source = facts.by_place.get(place)
    if source is None:
        return [Anomaly("dlq-wrong", "a dead letter comes from a place where nothing is", [letter])]
    if place not in expected:
        return [
            Anomaly(
                "dlq-wrong",
                f"{reason_of(letter)}: a record that can be processed was parked",
                [letter, source],
            )
        ]
    if (letter.key, letter.value) != (source.key, source.value) or _original(letter) != source.headers:
        return [Anomaly("dlq-wrong", "a dead letter does not hold the original", [letter, source])]
    if reason_of(letter) != expected[place][0]:
        summary = f"parked as {reason_of(letter)} instead of {expected[place][0]}"
        return [Anomaly("dlq-wrong", summary, [letter, source])]
    return []


def letters_are_right(facts: Facts) -> list[Anomaly]:
    expected = expected_letters(facts)
    copies: dict[Optional[Place], list[Record]] = defaultdict(list)
    found: list[Anomaly] = []
    for letter in facts.run.records:
        if letter.topic != LETTERS or letter.place in facts.injected:
            continue
        copies[source_of(letter)].append(letter)
        if len(copies[source_of(letter)]) == 1:
            found.extend(_judge(facts, letter, expected))
    for place, letters in copies.items():
        if len(letters) > 1 and place is not None and not facts.run.was_disturbed:
            found.append(
                Anomaly("duplicate", f"{len(letters)} letters of one record without a fault", [*letters])
            )
    for place, (reason, one) in expected.items():
        if place not in copies and one.record.at <= facts.run.settled_before:
            found.append(Anomaly("dlq-missing", f"{reason}: nobody parked it", [one]))
    return found


CHECKS = (letters_are_right,)
