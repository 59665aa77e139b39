import type { JournalEntry } from '../payment/simulator';
import type { History, Violation } from './judge-run';

/** Amounts of the charges that were not given back, by order. */
const netCharges = (journal: readonly JournalEntry[]): ReadonlyMap<string, readonly number[]> => {
  const charged = new Map<string, Extract<JournalEntry, { op: 'charged' }>>();
  for (const entry of journal) {
    if (entry.op === 'charged') charged.set(entry.key, entry);
    if (entry.op === 'cancelled') charged.delete(entry.key);
  }
  const net = new Map<string, readonly number[]>();
  for (const { requestId, amount } of charged.values())
    net.set(requestId, [...(net.get(requestId) ?? []), amount]);
  return net;
};

/** One net charge of the order's amount if and only if it is completed. */
export const judgeMoney = ({ outcomes }: History, journal: readonly JournalEntry[]): readonly Violation[] => {
  const net = netCharges(journal);
  const undecided = [...net.keys()].filter((key) => !outcomes.has(key));
  const decided = [...outcomes].flatMap(([key, outcome]): readonly Violation[] => {
    const charges = net.get(key) ?? [];
    if (outcome.type === 'OrderFailed') return charges.length > 0 ? ['charged-failed'] : [];
    if (charges.length > 1) return ['double-charge'];
    if (charges.length === 0) return ['refunded-completed'];
    return charges[0] === outcome.amount ? [] : ['wrong-amount'];
  });
  return [...undecided.map(() => 'charged-undecided' as const), ...decided];
};
