"""Whether the run kept its bounds: recovery after each fault, and no process that ends by itself: L1 to L4."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any, Callable, Optional

from anomaly import Anomaly
from facts import CannotTell, Facts
from records import OUTCOMES, Operation

NEVER = float("inf")


def _buys(facts: Facts) -> list[Operation]:
    return sorted((one for one in facts.operations if one.op == "buy"), key=lambda one: one.returned_at)


def accepting_ms(facts: Facts, at: float) -> float:
    """From `at` to the first order accepted that was sent after it."""
    return min(
        (one.returned_at - at for one in _buys(facts) if one.outcome == "ok" and one.invoked_at >= at),
        default=NEVER,
    )


def answering_ms(facts: Facts, at: float) -> float:
    """The same for a query."""
    reads = (
        one for one in facts.operations if one.op == "read" and one.status == 200 and one.invoked_at >= at
    )
    return min((one.returned_at - at for one in reads), default=NEVER)


def deciding_ms(facts: Facts, at: float) -> float:
    """From `at` to the first outcome in the partition that took longest, of those where an order was waiting."""
    waiting = {
        order.request.record.partition
        for order in facts.fold.orders.values()
        if order.request
        and order.request.record.at <= at + 2_000
        and (order.outcome is None or order.outcome.record.at > at)
    }
    firsts: dict[int, float] = dict.fromkeys(waiting, NEVER)
    for record in facts.run.records:
        if (
            record.topic == OUTCOMES
            and record.key is not None
            and record.at > at
            and record.partition in waiting
        ):
            firsts[record.partition] = min(firsts[record.partition], record.at - at)
    return max(firsts.values(), default=0)


def caught_up_ms(facts: Facts, at: float) -> float:
    """From `at` until every order requested before it was decided."""
    ends = [
        order.outcome.record.at - at if order.outcome else NEVER
        for order in facts.fold.orders.values()
        if order.request and order.request.record.at <= at
    ]
    return max([0, *ends])


WINDOW_MS = 5_000


def _rate(times: list[int], begin: float) -> float:
    """Of ascending times."""
    return (bisect_left(times, begin + WINDOW_MS) - bisect_left(times, begin)) / (WINDOW_MS / 1000)


def _rate_before(facts: Facts) -> float:
    """Of acceptance before the first fault, and no more than the buyers offered: more than that does not come back."""
    faults = [line["at"] for line in facts.run.timeline if line.get("event") == "fault"]
    before = _rate(facts.accepted_at, min(faults) - WINDOW_MS) if faults else 0
    offered = facts.run.settings.get("orders_per_second")
    if before == 0 or (offered is not None and before < offered / 2):
        raise CannotTell(f"there is nothing to compare the throughput with: {before}/s before the first fault")
    return before if offered is None else min(before, offered)


def throughput_ms(facts: Facts, at: float) -> float:
    """From `at` until 90 % of the rate of acceptance before the first fault is reached again, over 5 s."""
    facts.require_history()
    before = _rate_before(facts)
    times = facts.accepted_at
    last_start = times[-1] - WINDOW_MS
    begin = at
    while begin <= last_start:
        if _rate(times, begin) >= 0.9 * before:
            return begin - at
        begin += 250
    return NEVER


MEASURES: dict[str, Callable[[Facts, float], float]] = {
    "accepting_ms": accepting_ms,
    "answering_ms": answering_ms,
    "deciding_ms": deciding_ms,
    "caught_up_ms": caught_up_ms,
    "throughput_ms": throughput_ms,
}


def _longest_gap(times: Iterable[float], begin: float, end: float) -> float:
    inside = [begin, *sorted(time for time in times if begin <= time <= end), end]
    return max(later - earlier for earlier, later in zip(inside, inside[1:]))


def accepting_gap_ms(facts: Facts, begin: float, end: float) -> float:
    """The longest time without an order accepted, between the two."""
    facts.require_history()
    return _longest_gap(facts.accepted_at, begin, end)


def answering_gap_ms(facts: Facts, begin: float, end: float) -> float:
    """The same for queries."""
    reads = (one.returned_at for one in facts.operations if one.op == "read" and one.status == 200)
    return _longest_gap(reads, begin, end)


def deciding_gap_ms(facts: Facts, begin: float, end: float) -> float:
    """The longest that an order waited which was requested between the two."""
    waits = [
        order.outcome.record.at - order.request.record.at if order.outcome else NEVER
        for order in facts.fold.orders.values()
        if order.request and begin <= order.request.record.at <= end
    ]
    return max([0, *waits])


def _pressed(facts: Facts, begin: float, end: float) -> list[Operation]:
    facts.require_history()
    buys = (one for one in facts.operations if one.op == "buy" and begin <= one.invoked_at <= end)
    return sorted(buys, key=lambda one: one.invoked_at)


def replying_gap_ms(facts: Facts, begin: float, end: float) -> float:
    """The longest that a buyer who pressed between the two was left without an answer, whatever it said."""
    waits = (
        one.returned_at - one.invoked_at if one.status is not None else NEVER for one in _pressed(facts, begin, end)
    )
    return max(waits, default=0)


def refusing_gap_ms(facts: Facts, begin: float, end: float) -> float:
    """
    From the first press that was turned away to the last, of those between the two; 0 when none was. A connection
    that was never made turns nobody away: whoever balances the load tries another instance.
    """
    refused = [one for one in _pressed(facts, begin, end) if one.outcome == "info"]
    return max(1, refused[-1].invoked_at - refused[0].invoked_at) if refused else 0


GAPS: dict[str, Callable[[Facts, float, float], float]] = {
    "replying_gap_ms": replying_gap_ms,
    "refusing_gap_ms": refusing_gap_ms,
    "accepting_gap_ms": accepting_gap_ms,
    "answering_gap_ms": answering_gap_ms,
    "deciding_gap_ms": deciding_gap_ms,
}


def _healed_at(facts: Facts, fault: dict[str, Any]) -> float:
    """When the fault of that name was over; the end of the run when that is not said."""
    heals = [
        line["at"]
        for line in facts.run.timeline
        if line.get("event") == "heal" and line["name"] == fault["name"] and line["at"] >= fault["at"]
    ]
    last = max((record.at for record in facts.run.records), default=fault["at"])
    return min(heals, default=max(last, fault["at"]))


def _took(facts: Facts, name: str, line: dict[str, Any]) -> float:
    if name in GAPS:
        return GAPS[name](facts, line["at"], _healed_at(facts, line))
    return MEASURES[name](facts, line["at"])


def measure(facts: Facts) -> list[dict[str, Any]]:
    """Every bound that the timeline names, with what was measured."""
    measured: list[dict[str, Any]] = []
    for line in facts.run.timeline:
        for name, bound in (line.get("bounds") or {}).items():
            took = _took(facts, name, line)
            shown: Optional[float] = None if took == NEVER else round(took)
            measured.append(
                {
                    "after": line["name"],
                    "at": line["at"],
                    "measure": name,
                    "bound_ms": bound,
                    "took_ms": shown,
                }
            )
    return measured


def measured(facts: Facts) -> list[Anomaly]:
    """Measures once, for the check and for the report."""
    facts.recoveries = measure(facts)
    return []


def recoveries(facts: Facts) -> list[Anomaly]:
    found: list[Anomaly] = []
    for one in facts.recoveries:
        took = one["took_ms"]
        if took is None or took > one["bound_ms"]:
            shown = "never" if took is None else f"{took} ms"
            summary = f"{one['measure']} after {one['after']}: {shown}, bound {one['bound_ms']} ms"
            found.append(Anomaly("slow-recovery", summary, [one]))
    return found


def latency_percentiles(facts: Facts) -> Optional[dict[str, float]]:
    """From request to outcome, by the broker's clock, milliseconds."""
    waits = sorted(
        order.outcome.record.at - order.request.record.at
        for order in facts.fold.orders.values()
        if order.request and order.outcome
    )
    if not waits:
        return None
    return {
        name: waits[min(len(waits) - 1, int(len(waits) * share))]
        for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1))
    }


def decided_in_time(facts: Facts) -> list[Anomaly]:
    bound = facts.run.settings.get("decided_p99_ms")
    waits = latency_percentiles(facts)
    if bound is None or waits is None or waits["p99"] <= bound:
        return []
    return [
        Anomaly(
            "slow-recovery",
            f"99 % of orders are decided within {waits['p99']} ms, bound {bound} ms",
            [dict(waits)],
        )
    ]


def exits(facts: Facts) -> list[Anomaly]:
    return [
        Anomaly(
            "unexpected-exit", f"{line['process']} ended with {line.get('code', line.get('signal'))}", [line]
        )
        for line in facts.run.exits or ()
        if not line.get("planned", False)
    ]


CHECKS = (recoveries, decided_in_time, exits)
