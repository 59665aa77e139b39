import type { QueryConfig } from 'pg';
import type { OrderSummary } from './order-status';

export const summaryColumns: readonly (keyof OrderSummary)[] = [
  'request_id',
  'user_id',
  'item_id',
  'amount',
  'status',
  'correlation_id',
  'requested_at',
  'request_partition',
  'request_offset',
  'request_appended_at',
  'decided_at',
  'outcome_partition',
  'outcome_offset',
  'outcome_appended_at',
];

const statement = {
  name: 'orders-by-id',
  text: `select ${summaryColumns.join(', ')} from views.orders where request_id = any ($1::text[])`,
};

/** One statement sees one moment: a row that is missing in it is missing at that offset. */
const strictStatement = {
  name: 'order-and-progress',
  text: `select ${summaryColumns.map((name) => `o.${name}`).join(', ')}, coalesce(p.next, 0) as view_next
    from (select 1) as one
    left join views.order_offsets p on p.topic = $2 and p.partition = $3
    left join views.orders o on o.request_id = $1`,
};

export interface Readable {
  query(statement: QueryConfig): Promise<{ readonly rows: readonly unknown[] }>;
}

interface Question {
  readonly resolve: (row: OrderSummary | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export interface OrderLookupOptions {
  /** Of PostgreSQL, usually its pool. */
  readonly pool: Readable;
  /** Most orders one statement asks for. */
  readonly batchMax?: number;
  /** Most statements under way: as many connections as reads may take. */
  readonly statementsMax?: number;
  /** Milliseconds from one statement to the next, at least. */
  readonly everyMs?: number;
  /** Milliseconds that a patient question waits for others to go out with. */
  readonly patienceMs?: number;
}

/** `patient`: whoever asks will wait anyway, and is told when there is news. */
export type Haste = 'now' | 'patient';

/**
 * Reads orders by id. Questions that come while statements are under way, or just after one, go out together in the next
 * one: under load one round trip answers many, and many waiters for one order cost one question. A statement costs
 * PostgreSQL and us more than its rows do, so those who can wait are gathered for longer.
 */
export class OrderLookup {
  readonly #pool: Readable;
  readonly #batchMax: number;
  readonly #statementsMax: number;
  readonly #everyMs: number;
  readonly #patienceMs: number;
  #waiting = new Map<string, Question[]>();
  #underWay = 0;
  #cancel: () => void = () => undefined;
  /** When the next statement begins, as things are scheduled. */
  #beginsAtMs = Infinity;
  /** When the most urgent of those who wait wants to be asked for. */
  #wantedAtMs = Infinity;
  #nextAtMs = 0;

  constructor({ pool, batchMax = 200, statementsMax = 3, everyMs = 3, patienceMs = 15 }: OrderLookupOptions) {
    this.#pool = pool;
    this.#batchMax = batchMax;
    this.#statementsMax = statementsMax;
    this.#everyMs = everyMs;
    this.#patienceMs = patienceMs;
  }

  /** The row and how far the view is in one partition, of one moment. @throws what PostgreSQL or its pool says. */
  async findWithProgress(
    key: string,
    place: { readonly topic: string; readonly partition: number },
  ): Promise<{ readonly row: OrderSummary | undefined; readonly next: number }> {
    const { rows } = await this.#pool.query({
      ...strictStatement,
      values: [key, place.topic, place.partition],
    });
    const [found] = rows as readonly (OrderSummary & { readonly view_next: number })[];
    if (found === undefined) return { row: undefined, next: 0 };
    const { view_next: next, ...row } = found;
    // The outer join gives a row of nulls when the order is not there.
    return { row: (row.request_id as string | null) === null ? undefined : row, next };
  }

  /** The row as committed at some moment after the call. @throws what PostgreSQL or its pool says. */
  find(key: string, haste: Haste = 'now'): Promise<OrderSummary | undefined> {
    return new Promise((resolve, reject) => {
      const asked = this.#waiting.get(key);
      if (asked) asked.push({ resolve, reject });
      else this.#waiting.set(key, [{ resolve, reject }]);
      const patienceMs = haste === 'patient' ? this.#patienceMs : 0;
      this.#wantedAtMs = Math.min(this.#wantedAtMs, performance.now() + patienceMs);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#underWay >= this.#statementsMax || this.#waiting.size === 0) return;
    const beginsAtMs = Math.max(this.#wantedAtMs, this.#nextAtMs);
    if (beginsAtMs >= this.#beginsAtMs) return;
    this.#cancel();
    this.#beginsAtMs = beginsAtMs;
    const earlyMs = beginsAtMs - performance.now();
    if (earlyMs > 0) {
      const timer = setTimeout(() => this.#begin(), earlyMs);
      this.#cancel = () => clearTimeout(timer);
    } else {
      // After this turn of the event loop, in which the other requests that arrived with this one are read.
      const immediate = setImmediate(() => this.#begin());
      this.#cancel = () => clearImmediate(immediate);
    }
  }

  #begin(): void {
    this.#beginsAtMs = Infinity;
    this.#nextAtMs = performance.now() + this.#everyMs;
    const questions = this.#take();
    this.#wantedAtMs = this.#waiting.size > 0 ? 0 : Infinity;
    void this.#ask(questions);
    this.#schedule();
  }

  #take(): ReadonlyMap<string, readonly Question[]> {
    if (this.#waiting.size <= this.#batchMax) {
      const all = this.#waiting;
      this.#waiting = new Map();
      return all;
    }
    const taken = new Map<string, Question[]>();
    for (const [key, questions] of this.#waiting) {
      taken.set(key, questions);
      this.#waiting.delete(key);
      if (taken.size === this.#batchMax) break;
    }
    return taken;
  }

  async #ask(questions: ReadonlyMap<string, readonly Question[]>): Promise<void> {
    this.#underWay += 1;
    try {
      const { rows } = await this.#pool.query({ ...statement, values: [[...questions.keys()]] });
      const found = new Map((rows as readonly OrderSummary[]).map((row) => [row.request_id, row]));
      for (const [key, asked] of questions) for (const { resolve } of asked) resolve(found.get(key));
    } catch (error) {
      for (const asked of questions.values()) for (const { reject } of asked) reject(error);
    } finally {
      this.#underWay -= 1;
      this.#schedule();
    }
  }
}
