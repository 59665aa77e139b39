import type { Pool } from 'pg';
import { withDeadline } from '../chassis/deadline';
import type { RedisClient } from '../chassis/redis';
import { currentKey, orderRecordKey } from '../schemas/stock-keys';
import type { FindPostponed, PostponedPayment } from './postponed-payments';

/**
 * Where an order without an outcome stands, as far as can be seen from outside the saga. UNKNOWN: the stock store does not
 * answer or is being rebuilt, so nobody can say.
 */
export type Step = 'WAITS_FOR_DECISION' | 'WAITS_FOR_PAYMENT' | 'WAITS_FOR_VIEW' | 'UNKNOWN';

/** An order that was answered 202 and has no outcome in the view. */
export interface StuckOrder {
  /** Its identity in the log; with authentication `<buyer>:<request_id>`. */
  readonly key: string;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly status: 'PENDING';
  readonly step: Step;
  /** Since the broker has it. */
  readonly age_ms: number;
  readonly accepted_at: string;
  readonly position: string;
  readonly correlation_id: string;
  /** How often it was tried, and what it failed with: its payment while it waits for one, else its newest dead letter. */
  readonly attempts: number | null;
  readonly last_error: { readonly reason: string; readonly detail: string; readonly at: string } | null;
}

interface StuckRow {
  readonly request_id: string;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly correlation_id: string;
  readonly request_partition: number;
  readonly request_offset: number;
  readonly request_appended_at: number;
  readonly attempts: number | null;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly parked_at: number | null;
}

export type StuckCursor = readonly [appendedAt: number, key: string];

export interface StuckQuery {
  readonly acceptedBeforeMs: number;
  readonly limit: number;
  readonly after?: StuckCursor;
}

/** Oldest first, by the index of orders without an outcome. */
const findRows = async (
  db: Pool,
  { acceptedBeforeMs, limit, after }: StuckQuery,
): Promise<readonly StuckRow[]> => {
  const { rows } = await db.query<StuckRow>({
    name: 'stuck-orders',
    text: `select o.request_id, o.user_id, o.item_id, o.amount, o.correlation_id, o.request_partition, o.request_offset,
        o.request_appended_at, l.attempts, l.reason, l.detail, l.parked_at
      from views.orders o
      left join lateral (
        select attempts, reason, detail, parked_at from views.dead_letters
        where key = convert_to(o.request_id, 'UTF8') order by parked_at desc limit 1
      ) l on true
      where o.status = 'PENDING' and o.request_appended_at <= $1
        and (o.request_appended_at, o.request_id) > ($2, $3)
      order by o.request_appended_at, o.request_id limit $4`,
    values: [acceptedBeforeMs, after?.[0] ?? -1, after?.[1] ?? '', limit],
  });
  return rows;
};

const recordsWithinMs = 500;

/** What the saga has recorded of each order, in the open generation; undefined when nobody can say. */
const findRecords = async (
  redis: Pick<RedisClient, 'status' | 'hmget' | 'mget'>,
  saleId: string,
  keys: readonly string[],
): Promise<readonly (string | null)[] | undefined> => {
  if (redis.status !== 'ready' || keys.length === 0) return undefined;
  const ask = async (): Promise<readonly (string | null)[] | undefined> => {
    const [epoch, open] = await redis.hmget(currentKey(saleId), 'epoch', 'open');
    if (typeof epoch !== 'string' || open !== '1') return undefined;
    return redis.mget(keys.map((key) => orderRecordKey(saleId, epoch, key)));
  };
  return withDeadline(ask(), recordsWithinMs, 'the stock store').catch(() => undefined);
};

/** A reserved order waits for its payment; one with an outcome waits for the log or the view to show it. */
const stepOf = (record: string | null | undefined): Step => {
  if (record === undefined) return 'UNKNOWN';
  if (record === null) return 'WAITS_FOR_DECISION';
  return record.startsWith('R|') ? 'WAITS_FOR_PAYMENT' : 'WAITS_FOR_VIEW';
};

const instant = (ms: number): string => new Date(ms).toISOString();

type Trial = Pick<StuckOrder, 'attempts' | 'last_error'>;

const trialOf = (row: StuckRow, payment: PostponedPayment | undefined): Trial => {
  if (payment) {
    const detail = 'the provider gave no answer within PAYMENT_BUDGET';
    const last_error = { reason: 'PAYMENT_UNKNOWN', detail, at: instant(payment.parkedAtMs) };
    return { attempts: payment.attempts, last_error };
  }
  if (row.parked_at === null) return { attempts: null, last_error: null };
  const last_error = { reason: row.reason ?? '', detail: row.detail ?? '', at: instant(row.parked_at) };
  return { attempts: row.attempts, last_error };
};

const toStuck = (row: StuckRow, step: Step, trial: Trial, nowMs: number): StuckOrder => ({
  key: row.request_id,
  user_id: row.user_id,
  item_id: row.item_id,
  amount: row.amount,
  status: 'PENDING',
  step,
  age_ms: Math.max(0, nowMs - row.request_appended_at),
  accepted_at: instant(row.request_appended_at),
  position: `order-requests:${row.request_partition}:${row.request_offset}`,
  correlation_id: row.correlation_id,
  ...trial,
});

export interface StuckSources {
  readonly db: Pool;
  readonly redis: Pick<RedisClient, 'status' | 'hmget' | 'mget'>;
  readonly saleId: string;
  readonly findPostponed: FindPostponed;
}

/** Orders accepted before an instant and still without an outcome, oldest first. */
export const listStuck = async (
  { db, redis, saleId, findPostponed }: StuckSources,
  query: StuckQuery,
  nowMs: number,
): Promise<readonly StuckOrder[]> => {
  const rows = await findRows(db, query);
  const keys = rows.map((row) => row.request_id);
  const records = await findRecords(redis, saleId, keys);
  const steps = keys.map((_, index) => stepOf(records?.[index]));
  const unpaid = new Set(keys.filter((_, index) => steps[index] === 'WAITS_FOR_PAYMENT'));
  const payments = unpaid.size > 0 ? await findPostponed(unpaid) : undefined;
  return rows.map((row, index) => {
    const trial = trialOf(row, payments?.get(row.request_id));
    return toStuck(row, steps[index] ?? 'UNKNOWN', trial, nowMs);
  });
};
