"""The verdict: what was checked, what could not be told, what is wrong, as data and as text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Optional

import check_letters
import check_money
import check_outcomes
import check_reads
import check_redis
import check_requests
import check_run
import check_stock
import check_views
from anomaly import NAMES, Anomaly, show
from events import UnknownSchema
from facts import CannotTell, Facts
from records import LETTERS, Run

CLEAN, ANOMALIES, CANNOT_TELL = 0, 1, 2
SHOWN_PER_NAME = 20
MODULES = (
    check_requests,
    check_outcomes,
    check_stock,
    check_money,
    check_letters,
    check_views,
    check_redis,
    check_reads,
    check_run,
)


@dataclass
class Report:
    anomalies: list[Anomaly] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    untold: list[tuple[str, str]] = field(default_factory=list)
    """Check and what it misses."""
    counts: dict[str, Any] = field(default_factory=dict)
    recoveries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.anomalies:
            return ANOMALIES
        return CANNOT_TELL if self.untold else CLEAN


def _counts(facts: Facts) -> dict[str, Any]:
    orders = facts.requests_by_order()
    statuses = Counter(order.status for order in orders)
    buys = [one for one in facts.run.operations or () if one.op == "buy"]
    copies = sum(len(order.requests) - 1 for order in orders if order.requests)
    return {
        "records": len(facts.run.records),
        "orders": len(orders),
        "statuses": dict(sorted(statuses.items())),
        "attempts": dict(sorted(Counter(one.outcome for one in buys).items())),
        "reads": sum(len(reads) for reads in facts.reads.values()),
        "epochs": len({marker.fields["epoch"] for marker in facts.fold.markers}),
        "void_outcomes": sum(len(order.voids) for order in facts.fold.orders.values()),
        "request_copies": copies,
        "outcome_copies": sum(max(0, len(order.outcomes) - 1) for order in facts.fold.orders.values()),
        "dead_letters": sum(1 for record in facts.run.records if record.topic == LETTERS),
        "audit_samples": len(facts.run.audits or ()),
        "decided_ms": check_run.latency_percentiles(facts),
    }


def check(run: Run) -> Report:
    """Runs every check. What could not be told without something that the run should have had is listed as such;
    `settings.lacks` names inputs that were left out on purpose."""
    report = Report()
    if not run.records:
        report.untold.append(("everything", "there is no log"))
        return report
    try:
        facts = Facts(run)
    except UnknownSchema as error:
        report.untold.append(("everything", str(error)))
        return report
    _run_check(check_run.measured, facts, report)
    for module in MODULES:
        for one in module.CHECKS:
            _run_check(one, facts, report)
    report.counts = _counts(facts)
    report.recoveries = facts.recoveries
    if run.operations is not None and run.at_rest and (idle := _too_little_was_tried(facts)):
        report.untold.append(("everything", idle))
    return report


def _too_little_was_tried(facts: Facts) -> Optional[str]:
    """Why the run proves nothing: a system that accepts nothing keeps every invariant."""
    accepted = sum(1 for buys in facts.buys.values() if any(one.outcome == "ok" for one in buys))
    if not facts.buys:
        return "no client ever pressed: nothing was tried"
    if accepted * 2 < len(facts.buys):
        return f"only {accepted} of {len(facts.buys)} orders that buyers wanted were ever accepted"
    return None


def _run_check(one: Any, facts: Facts, report: Report) -> None:
    name = one.__name__
    try:
        report.anomalies.extend(one(facts))
        report.checked.append(name)
    except CannotTell as missing:
        reason = str(missing)
        if not any(word in reason for word in facts.run.settings.get("lacks", ())):
            report.untold.append((name, reason))


def to_json(report: Report) -> dict[str, Any]:
    by_name = Counter(anomaly.name for anomaly in report.anomalies)
    shown: list[dict[str, Any]] = []
    seen: Counter[str] = Counter()
    for anomaly in report.anomalies:
        seen[anomaly.name] += 1
        if seen[anomaly.name] <= SHOWN_PER_NAME:
            evidence = [show(one) for one in anomaly.evidence[:10]]
            shown.append({"name": anomaly.name, "summary": anomaly.summary, "evidence": evidence})
    return {
        "verdict": {CLEAN: "clean", ANOMALIES: "anomalies", CANNOT_TELL: "cannot tell"}[report.exit_code],
        "anomalies": dict(sorted(by_name.items())),
        "shown": shown,
        "counts": report.counts,
        "recoveries": report.recoveries,
        "checked": report.checked,
        "untold": [{"check": name, "why": why} for name, why in report.untold],
    }


def to_text(report: Report) -> str:
    data = to_json(report)
    lines = [f"{name}: {value}" for name, value in data["counts"].items()]
    for one in data["recoveries"]:
        took = "never" if one["took_ms"] is None else f"{one['took_ms']} ms"
        lines.append(f"{one['measure']} after {one['after']}: {took} (bound {one['bound_ms']} ms)")
    for one in data["untold"]:
        lines.append(f"could not tell {one['check']}: {one['why']}")
    for name, count in data["anomalies"].items():
        lines.append(f"\n{name} ({count}): {NAMES[name]}")
        for anomaly in [one for one in data["shown"] if one["name"] == name][:5]:
            lines.append(f"  {anomaly['summary']}")
            lines.extend(f"    {evidence}" for evidence in anomaly["evidence"])
    lines.append(f"\nverdict: {data['verdict']} ({len(data['checked'])} checks)")
    return "\n".join(lines)
