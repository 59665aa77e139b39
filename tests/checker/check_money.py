"""Whether money follows the orders: one net charge of the right amount if and only if completed: invariant I6."""

from __future__ import annotations

from collections import defaultdict

from anomaly import Anomaly, Evidence
from facts import CannotTell, Facts
from fold import Order
from records import Charge


def net_charges(charges: list[Charge]) -> dict[str, list[Charge]]:
    """By payment key, what was taken and not given back."""
    net: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        if charge.op == "charged":
            net[charge.key].append(charge)
        elif charge.op == "cancelled":
            net[charge.key].clear()
    return net


def charges_after_cancel(charges: list[Charge]) -> list[Anomaly]:
    """A cancel is final: what the provider takes after it, nobody will give back."""
    cancelled: dict[str, Charge] = {}
    found: list[Anomaly] = []
    for charge in charges:
        if charge.op == "cancelled":
            cancelled[charge.key] = charge
        elif charge.op == "charged" and charge.key in cancelled:
            found.append(
                Anomaly(
                    "double-charge",
                    f"{charge.key} was charged after its cancel",
                    [cancelled[charge.key], charge],
                )
            )
    return found


def _judge(order_key: str, order: Order, taken: list[Charge], everything: list[Charge]) -> list[Anomaly]:
    outcome = [order.outcome] if order.outcome else []
    evidence: list[Evidence] = [*outcome, *taken]
    if order.completed is None:
        if not taken:
            return []
        return [Anomaly("charged-failed", f"order {order_key} is {order.status} and was charged", evidence)]
    if not taken:
        return [
            Anomaly(
                "refunded-completed",
                f"order {order_key} is completed and not charged",
                [*outcome, *everything],
            )
        ]
    found: list[Anomaly] = []
    if len(taken) > 1:
        found.append(Anomaly("double-charge", f"order {order_key} was charged {len(taken)} times", evidence))
    units = order.completed.fields["amount"]
    named = [
        charge for charge in taken if charge.line.get("paymentId") == order.completed.fields["payment_id"]
    ]
    if not named:
        summary = f"order {order_key} names a payment that is not its net charge"
        found.append(Anomaly("refunded-completed", summary, evidence))
    wrong = [charge for charge in taken if charge.amount is not None and charge.amount != units]
    if wrong:
        found.append(
            Anomaly(
                "corrupt",
                f"order {order_key} was charged for {wrong[0].amount} units instead of {units}",
                evidence,
            )
        )
    return found


def money_follows_orders(facts: Facts) -> list[Anomaly]:
    if facts.run.charges is None:
        raise CannotTell("there is no payment journal")
    charges = facts.run.charges
    net: dict[str, list[Charge]] = defaultdict(list)
    for taken in net_charges(charges).values():
        for charge in taken:
            net[charge.order_key].append(charge)
    everything: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges:
        everything[charge.order_key].append(charge)
    found = charges_after_cancel(charges)
    for key, order in facts.fold.orders.items():
        if order.outcome is not None and order.outcome.place not in facts.injected:
            found.extend(_judge(key, order, net.get(key, []), everything.get(key, [])))
    for key, taken in net.items():
        ordered = facts.fold.orders.get(key)
        if taken and (ordered is None or ordered.first is None):
            found.append(Anomaly("phantom", f"{key} was charged and nobody ordered it", taken))
    return found


CHECKS = (money_follows_orders,)
