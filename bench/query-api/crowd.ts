import type { Socket } from 'node:net';
import type { Pool } from 'pg';
import { announcementChannel, encodeAnnouncement } from '../../migrations/views/announcement';
import { openReader, requestText } from '../../tests/support/raw-reader';

export interface Crowd {
  /** From the commit of the order's outcome to the first and the last answer. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Answers that were not 200 and COMPLETED. */
  readonly wrong: number;
}

const countWaiters = async (url: string): Promise<number> => {
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  return Number(/^query_api_waiters\{[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
};

/** Decides an order as the projector does: its row and the announcement in one transaction. */
const decide = async (pool: Pool, id: string): Promise<void> => {
  const [payload] = encodeAnnouncement({ view: 'orders', moves: [], decided: [id] });
  const client = await pool.connect();
  await client.query('begin');
  await client.query(
    `update views.orders set status = 'COMPLETED', decided_at = requested_at + 100, outcome_partition = 0,
      outcome_offset = 0, outcome_appended_at = requested_at + 100 where request_id = $1`,
    [id],
  );
  await client.query('select pg_notify($1, $2)', [announcementChannel, payload]);
  await client.query('commit');
  client.release();
};

/** Lets `size` clients wait for one order, decides it, and times their answers. */
export const runCrowd = async (url: string, pool: Pool, id: string, size: number): Promise<Crowd> => {
  await pool.query(
    `insert into views.orders (request_id, status, correlation_id, user_id, item_id, amount, requested_at,
      request_partition, request_offset, request_appended_at) values ($1, 'PENDING', 'c', 'u', 'i', 1, 1, 0, 0, 1)`,
    [id],
  );
  const target = new URL(url);
  const answeredAtMs: number[] = [];
  let wrong = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const onAnswer = (answer: string): void => {
    answeredAtMs.push(performance.now());
    if (!answer.startsWith('HTTP/1.1 200') || !answer.includes('"COMPLETED"')) wrong += 1;
    if (answeredAtMs.length === size) finish();
  };
  const sockets: Socket[] = [];
  for (let opened = 0; opened < size; opened += 1) {
    const socket = await openReader(target, onAnswer);
    socket.write(requestText(target, `/orders/${id}?wait=60s`), 'latin1');
    sockets.push(socket);
  }
  while ((await countWaiters(url)) < size) await new Promise((resolve) => setTimeout(resolve, 50));
  await decide(pool, id);
  const committedAtMs = performance.now();
  await finished;
  for (const socket of sockets) socket.destroy();
  return {
    firstMs: (answeredAtMs[0] ?? 0) - committedAtMs,
    lastMs: (answeredAtMs.at(-1) ?? 0) - committedAtMs,
    wrong,
  };
};
