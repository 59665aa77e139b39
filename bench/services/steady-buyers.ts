import { randomUUID } from 'node:crypto';
import { pause } from '../../chassis/deadline';
import type { Client } from '../demo/client';

const tickMs = 10;

export interface Pressed {
  readonly accepted: number;
  readonly refused: number;
  /** Answers of `?wait=` that were terminal. */
  readonly decided: number;
  /** Presses or reads without an answer, such as on a connection that the server closed at that moment. */
  readonly broken: number;
}

/**
 * Presses at a steady rate for `seconds`, whether or not the presses before are answered; every buyer then waits for the
 * end of the order, as a shop front does. Buyers differ, so that no one's limit is reached.
 */
export const pressSteadily = async (
  clients: { readonly commands: Client; readonly queries: Client },
  load: { readonly itemId: string; readonly ratePerSecond: number; readonly seconds: number },
): Promise<Pressed> => {
  const counts = { accepted: 0, refused: 0, decided: 0, broken: 0 };
  const buy = async (): Promise<void> => {
    const id = randomUUID();
    const body = { user_id: `u-${id.slice(0, 8)}`, item_id: load.itemId, amount: 1, request_id: id };
    const { status } = await clients.commands.post('/commands/buy', body);
    if (status !== 202) {
      counts.refused += 1;
      return;
    }
    counts.accepted += 1;
    const order = await clients.queries.get(`/orders/${id}?wait=30s`);
    if (order.body['status'] !== 'PENDING') counts.decided += 1;
  };
  const startedAtMs = performance.now();
  const all: Promise<void>[] = [];
  for (;;) {
    const elapsedMs = performance.now() - startedAtMs;
    if (elapsedMs >= load.seconds * 1_000) break;
    const due = Math.floor((elapsedMs / 1_000) * load.ratePerSecond);
    while (all.length < due) all.push(buy().catch(() => void (counts.broken += 1)));
    await pause(tickMs);
  }
  await Promise.all(all);
  return counts;
};
