"""Whether what clients were told about their orders is what the log holds: invariants I1 and I2."""

from __future__ import annotations

from typing import Any, Optional, Union

from anomaly import Anomaly, Evidence
from facts import Facts
from fold import Order, payload_of
from records import Event, Operation, Place, Poison

BUY_MEMBERS = ("user_id", "item_id", "amount")


def _acknowledged_place(answer: dict[str, Any]) -> Optional[Place]:
    """`topic:partition:offset` as the 202 names it."""
    parts = str(answer.get("position", "")).rsplit(":", 2)
    if len(parts) != 3 or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    return (parts[0], int(parts[1]), int(parts[2]))


def _same_payload(body: dict[str, Any], request: Event) -> bool:
    return all(body.get(member) == request.fields[member] for member in BUY_MEMBERS)


def _lost(facts: Facts, key: str, attempts: list[Operation]) -> list[Anomaly]:
    acknowledged = [attempt for attempt in attempts if attempt.outcome == "ok"]
    if not acknowledged:
        return []
    order = facts.fold.orders.get(key)
    if order is None or order.first is None:
        return [
            Anomaly("lost-write", f"order {key} was acknowledged and is not in the log", acknowledged[:1])
        ]
    found: list[Anomaly] = []
    for attempt in acknowledged:
        place = _acknowledged_place(attempt.answer)
        if place is None:
            continue
        record = facts.by_place.get(place)
        if record is None or record.key_text != key:
            evidence: list[Evidence] = [attempt] if record is None else [attempt, record]
            found.append(
                Anomaly("lost-write", f"order {key} is not at the place it was acknowledged at", evidence)
            )
    return found


def lost_writes(facts: Facts) -> list[Anomaly]:
    facts.require_history()
    found = [anomaly for key, attempts in facts.buys.items() for anomaly in _lost(facts, key, attempts)]
    for command_id, attempts in facts.commands.items():
        acknowledged = [attempt for attempt in attempts if attempt.outcome == "ok"]
        if acknowledged and command_id not in facts.fold.commands:
            summary = f"command {command_id} was acknowledged and is not in the log"
            found.append(Anomaly("lost-write", summary, acknowledged[:1]))
    return found


def _judge_request(facts: Facts, request: Event) -> list[Anomaly]:
    attempts = facts.buys.get(request.key, [])
    if not attempts:
        return [Anomaly("phantom", f"nobody asked for order {request.key}", [request])]
    possible = [attempt for attempt in attempts if attempt.outcome != "fail"]
    if not possible:
        return [
            Anomaly(
                "aborted-read", f"order {request.key} was refused and is in the log", [request, *attempts]
            )
        ]
    if not any(_same_payload(attempt.body, request) for attempt in possible):
        refused = [attempt for attempt in attempts if attempt.outcome == "fail"]
        if any(_same_payload(attempt.body, request) for attempt in refused):
            summary = f"a refused copy of order {request.key} is in the log"
            return [Anomaly("aborted-read", summary, [request, *refused])]
        return [Anomaly("corrupt", f"order {request.key} is not as it was sent", [request, *possible])]
    return []


def requests_are_as_sent(facts: Facts) -> list[Anomaly]:
    """Every record of order-requests comes from an attempt that was not refused, with its content."""
    facts.require_history()
    found: list[Anomaly] = []
    for order in facts.fold.orders.values():
        for request in order.requests:
            if request.place not in facts.injected:
                found.extend(_judge_request(facts, request))
    return found


def _logged(command: Event) -> Any:
    members = {"StockAdjusted": "delta", "BuyerLimitSet": "units_max", "SaleChanged": "action"}
    return command.fields[members[command.kind]]


def _sent(command: Event, body: dict[str, Any]) -> Any:
    if command.kind == "SaleChanged":
        return str(body.get("action")).upper()
    if command.kind == "BuyerLimitSet":
        return body.get("units_max")
    # What a quantity comes to depends on the stock that it found.
    return command.fields["delta"] if "quantity" in body else body.get("delta")


def _judge_command(facts: Facts, command: Event) -> list[Anomaly]:
    attempts = facts.commands.get(command.fields["command_id"], [])
    if not attempts:
        return [Anomaly("phantom", f"nobody gave command {command.fields['command_id']}", [command])]
    if all(attempt.outcome == "fail" for attempt in attempts):
        return [Anomaly("aborted-read", "a refused command is in the log", [command, *attempts])]
    wanted = [(attempt.body.get("item_id"), _sent(command, attempt.body)) for attempt in attempts]
    if (command.fields["item_id"], _logged(command)) not in wanted:
        return [Anomaly("corrupt", "a command is not as it was sent", [command, *attempts])]
    return []


def commands_are_as_sent(facts: Facts) -> list[Anomaly]:
    facts.require_history()
    return [
        anomaly
        for copies in facts.fold.commands.values()
        for command in copies
        if command.place not in facts.injected
        for anomaly in _judge_command(facts, command)
    ]


def undecodable_records(facts: Facts) -> list[Anomaly]:
    """What the services wrote, everybody can read; only a test's own injections may be poison."""
    return [
        Anomaly("corrupt", f"{poison.reason}: {poison.detail}", [poison])
        for poison in facts.fold.poison
        if poison.record.place not in facts.injected and facts.run.operations is not None
    ]


def _request_copies(facts: Facts, order: Order) -> list[Anomaly]:
    ours = [request for request in order.requests if request.place not in facts.injected]
    attempts = [attempt for attempt in facts.buys.get(order.key, []) if attempt.outcome != "fail"]
    if len(ours) <= max(1, len(attempts)) or facts.run.was_disturbed:
        return []
    return [Anomaly("duplicate", f"{len(ours)} copies of order {order.key} without a fault", [*ours])]


def duplicate_requests(facts: Facts) -> list[Anomaly]:
    """Without faults an accepted order is in the log once. With faults copies are allowed and counted elsewhere."""
    facts.require_history()
    return [anomaly for order in facts.fold.orders.values() for anomaly in _request_copies(facts, order)]


def conflicting_requests(order: Order) -> list[Event]:
    """Usable requests that ask for something else than what defines the order."""
    first: Optional[Union[Event, Poison]] = order.first
    if isinstance(first, Event):
        return [request for request in order.requests if payload_of(request) != payload_of(first)]
    return list(order.requests)


def missing_offsets(facts: Facts) -> list[Anomaly]:
    """Without transactions and compaction the offsets of a partition have no gap."""
    if not facts.run.ranges:
        return []
    seen: dict[tuple[str, int], set[int]] = {}
    for record in facts.run.records:
        seen.setdefault((record.topic, record.partition), set()).add(record.offset)
    found: list[Anomaly] = []
    for topic, partitions in facts.run.ranges.items():
        for partition, (low, high) in partitions.items():
            missing = [
                offset for offset in range(low, high) if offset not in seen.get((topic, partition), set())
            ]
            if missing:
                place = {
                    "topic": topic,
                    "partition": partition,
                    "missing": missing[:20],
                    "low": low,
                    "high": high,
                }
                found.append(
                    Anomaly(
                        "poll-skip", f"{len(missing)} offsets of {topic}:{partition} are missing", [place]
                    )
                )
    return found


CHECKS = (
    lost_writes,
    requests_are_as_sent,
    commands_are_as_sent,
    undecodable_records,
    duplicate_requests,
    missing_offsets,
)
