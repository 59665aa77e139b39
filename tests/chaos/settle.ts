import { Client } from 'pg';
import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnection } from '../../chassis/kafka/connection';
import type { LogAdmin } from '../../chassis/kafka/log';
import { pause } from '../../chassis/deadline';
import { topics } from '../../schemas/topics';
import type { ChaosSystem } from './chaos-system';

const queryTimeoutMs = 3_000;
const pollEveryMs = 250;
/** As long as nothing moves for this long, nothing will. */
const quietMs = 1_000;

interface Standing {
  /** Every record of every topic, and what the views have made of them. */
  readonly print: string;
  readonly pending: number;
  readonly behind: number;
}

const foldedTopics = [topics.orderRequests, topics.orderOutcomes, topics.stockAdjustments, topics.orderDlq];
const offsetTables = ['order_offsets', 'item_offsets', 'dead_letter_offsets'];

const look = async (admin: LogAdmin, database: Client): Promise<Standing> => {
  const pending = await database.query<{ count: string }>(
    `select count(*) from views.orders where status = 'PENDING'`,
  );
  const next = new Map<string, number>();
  for (const table of offsetTables) {
    const rows = await database.query<{ topic: string; partition: number; next: string }>(
      `select topic, partition, next from views.${table}`,
    );
    for (const row of rows.rows) next.set(`${row.topic}:${row.partition}`, Number(row.next));
  }
  let behind = 0;
  let print = '';
  for (const { name } of foldedTopics) {
    for (const { partition, high } of await admin.ranges(name)) {
      behind += high - (next.get(`${name}:${partition}`) ?? 0);
      print += `${high},`;
    }
  }
  return { print, pending: Number(pending.rows[0]?.count ?? 0), behind };
};

export interface Settled {
  readonly isSettled: boolean;
  readonly tookMs: number;
  readonly pending: number;
  readonly behind: number;
}

const open = async (url: string): Promise<Client> => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: queryTimeoutMs,
    query_timeout: queryTimeoutMs,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

/** Waits until every order is decided and every record folded, and stays so, but no longer than `withinMs`. */
export const settle = async (system: ChaosSystem, withinMs: number): Promise<Settled> => {
  const connection = kafkaConnection({ brokers: system.direct.KAFKA_BROKERS.split(','), clientId: 'chaos' });
  const admin = createLogAdmin(connection);
  const database = await open(system.direct.DATABASE_URL);
  const startedAtMs = performance.now();
  let last: Standing = { print: '', pending: -1, behind: -1 };
  let stillSinceMs = startedAtMs;
  try {
    for (;;) {
      const now = await look(admin, database);
      if (now.print !== last.print || now.pending > 0 || now.behind > 0) stillSinceMs = performance.now();
      last = now;
      const tookMs = performance.now() - startedAtMs;
      const isSettled = performance.now() - stillSinceMs >= quietMs;
      if (isSettled || tookMs > withinMs) return { isSettled, tookMs, ...last };
      await pause(pollEveryMs);
    }
  } finally {
    await Promise.allSettled([admin.stop(), database.end()]);
  }
};
