import type { NetCharges } from './invariants';

interface JournalLine {
  readonly op?: string;
  readonly key?: string;
  readonly requestId?: string;
}

const readTimeoutMs = 30_000;

/**
 * Charges that stand, per order: a key that was charged and not cancelled counts one. Two keys of one order that
 * both stand are a double charge.
 */
export const netCharges = (
  lines: readonly JournalLine[],
  isOurs: (requestId: string) => boolean,
): NetCharges => {
  const orderOfKey = new Map<string, string>();
  for (const { op, key, requestId } of lines) {
    if (key === undefined) continue;
    if (op === 'charged' && requestId !== undefined && isOurs(requestId)) orderOfKey.set(key, requestId);
    if (op === 'cancelled') orderOfKey.delete(key);
  }
  const charges = new Map<string, number>();
  for (const requestId of orderOfKey.values()) charges.set(requestId, (charges.get(requestId) ?? 0) + 1);
  return charges;
};

/** The provider's journal as JSON lines; `undefined` when there is none to read (a real provider). */
export const readNetCharges = async (journalUrl: string, runId: string): Promise<NetCharges | undefined> => {
  try {
    const answer = await fetch(journalUrl, { signal: AbortSignal.timeout(readTimeoutMs) });
    if (!answer.ok) return undefined;
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return netCharges(
      lines.map((line) => JSON.parse(line) as JournalLine),
      (requestId) => requestId.startsWith(`${runId}-`),
    );
  } catch {
    return undefined;
  }
};
