import type { FailureReason } from '../schemas/events';

/**
 * What the saga asks of the world. Production, the unit tests and the simulator give it different worlds and run the
 * same code. Times called "broker" come from the log's append times, times called "store" from the stock store's own
 * clock; no decision rests on this process' clock.
 */

/** A request as the log holds it. `key` is the order's identity: the record's key and the request_id in events. */
export interface Order {
  readonly key: string;
  readonly userId: string;
  readonly itemId: string;
  readonly amount: number;
}

/** What the store has recorded of an order. Everything an outcome event says comes from here and from nowhere else. */
export type OrderRecord =
  | { readonly state: 'RESERVED'; readonly atMs: number; readonly order: Order }
  | { readonly state: 'COMPLETED'; readonly atMs: number; readonly order: Order; readonly paymentId: string }
  | {
      readonly state: 'FAILED';
      readonly atMs: number;
      readonly key: string;
      /** Absent for what could not be decoded: only its key is known. */
      readonly order: Order | undefined;
      readonly reason: FailureReason;
      /**
       * More about the reason, for people. It stands in the log for ever, so it is made of numbers and codes and holds no
       * personal data; programs read `reason`.
       */
      readonly detail: string | null;
    };

/** One order to be decided, with what the saga has found out about it. */
export interface DecideRequest {
  readonly key: string;
  /** Absent for poison: the order is refused as UNPROCESSABLE unless it has been decided before. */
  readonly order: Order | undefined;
  /** When the broker appended the request. */
  readonly appendedAtMs: number;
  /** The log holds no outcome of this key up to this time of the store; 0 when nobody looked. */
  readonly absentThroughMs: number;
  /** Every stock adjustment known to the log is applied: an item without stock is unknown for good. */
  readonly stockIsCurrent: boolean;
  /** The item was not on sale when the broker appended the request. */
  readonly isOffSale: boolean;
}

export type Decision =
  /** `emitted`: the outcome is in the log and valid for ever. */
  | {
      readonly kind: 'decided';
      readonly isNew: boolean;
      readonly emitted: boolean;
      readonly record: OrderRecord;
    }
  /** The key was decided with another payload. */
  | { readonly kind: 'conflict' }
  /** There is no record, but one may have expired: the log must be asked. */
  | { readonly kind: 'unsure'; readonly storeNowMs: number }
  | { readonly kind: 'unknown-item' };

export interface SettleRequest {
  readonly order: Order;
  readonly outcome:
    | { readonly state: 'COMPLETED'; readonly paymentId: string }
    | { readonly state: 'FAILED'; readonly reason: FailureReason; readonly detail: string | null };
}

export type Settled =
  | { readonly kind: 'settled'; readonly emitted: boolean; readonly record: OrderRecord }
  | { readonly kind: 'missing' };

/** A stock adjustment or a limit, or a record to step over; `offset` is its place in its partition. */
export interface Adjustment {
  readonly offset: number;
  readonly change:
    | {
        readonly kind: 'stock';
        readonly commandId: string;
        readonly itemId: string;
        readonly delta: number;
      }
    | {
        readonly kind: 'limit';
        readonly commandId: string;
        readonly itemId: string;
        readonly unitsMax: number | null;
      }
    | { readonly kind: 'skip' };
}

export type Adjusted =
  | { readonly kind: 'applied'; readonly next: number }
  /** The batch begins after the next expected offset: something between was never seen. */
  | { readonly kind: 'gap'; readonly next: number };

/** The generation the store says it holds. */
export interface Current {
  readonly epoch: number;
  readonly open: boolean;
  readonly runId: string;
  readonly startedEpochs: readonly StartedEpoch[];
}

/** An epoch that the log has a marker of, with the broker time of its first marker; the current one included. */
export interface StartedEpoch {
  readonly epoch: number;
  readonly startedAtMs: number;
}

export interface ItemStock {
  readonly itemId: string;
  readonly total: number;
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
  readonly unitsMax: number | null;
}

export interface BuyerUnits {
  readonly itemId: string;
  readonly userId: string;
  readonly units: number;
}

export interface KeptOrder {
  readonly record: OrderRecord;
  /** Absent: its outcome is not in the log yet, so it must not expire. */
  readonly keepForMs: number | undefined;
}

/** How long decisions are remembered, and how old a request may be to be decided anew. */
export interface Memory {
  readonly horizonMs: number;
  readonly recordTtlMs: number;
}

export const stale = 'stale';
/** Rule R3: the store is not, or no longer, open at the epoch that was named. Nothing was done. */
export type Stale = typeof stale;

/**
 * One connection to one server process. It never reconnects: a new connection may reach another process, whose run id
 * must be compared first. Every command is atomic and may be repeated when its outcome is unknown.
 * All throw `InfrastructureError` when there is no answer.
 */
export interface StockConnection {
  /** Identity of the server process at the other end, new with each of its starts. */
  serverRunId(): Promise<string>;
  current(): Promise<Current | undefined>;

  decide(
    epoch: number,
    requests: readonly DecideRequest[],
    memory: Memory,
  ): Promise<Stale | readonly Decision[]>;
  settle(epoch: number, requests: readonly SettleRequest[]): Promise<Stale | readonly Settled[]>;
  /** The outcomes of these keys are in the log for good: from now on their records may expire. */
  emitted(epoch: number, keys: readonly string[], recordTtlMs: number): Promise<Stale | 'marked'>;
  adjust(epoch: number, partition: number, adjustments: readonly Adjustment[]): Promise<Stale | Adjusted>;
  /** Next expected offset of each stock-adjustments partition. */
  adjusted(epoch: number): Promise<ReadonlyMap<number, number>>;

  /** Takes the store for `epoch`, closed, also when memory is full; refused when a newer epoch has it. */
  close(epoch: number, runId: string): Promise<boolean>;
  loadItems(
    epoch: number,
    items: readonly ItemStock[],
    buyers: readonly BuyerUnits[],
  ): Promise<Stale | 'loaded'>;
  loadCommandIds(epoch: number, commandIds: readonly string[]): Promise<Stale | 'loaded'>;
  loadOrders(epoch: number, orders: readonly KeptOrder[]): Promise<Stale | 'loaded'>;
  open(epoch: number, runId: string, opening: Opening): Promise<boolean>;
  /** Removes the keys of older epochs, a few at a time. */
  sweep(epoch: number): Promise<void>;
  /** Politeness between processes that would rebuild at the same time; nothing rests on it. Given also when memory is full. */
  lease(holder: string, forMs: number): Promise<boolean>;
  /** Every item of the epoch, read at one moment. */
  audit(epoch: number): Promise<Stale | readonly ItemStock[]>;

  readonly closed: Promise<void>;
  disconnect(): void;
}

/** What a generation begins with, beside stock and orders. */
export interface Opening {
  readonly adjusted: ReadonlyMap<number, number>;
  readonly startedEpochs: readonly StartedEpoch[];
  /** Broker time of the oldest outcome in the log: until then nothing can have been forgotten. */
  readonly rememberedSinceMs: number;
}

export interface StockConnector {
  connect(): Promise<StockConnection>;
}

export type ChargeOutcome =
  | { readonly kind: 'approved'; readonly paymentId: string }
  /** `code`: why, in the provider's words; null when it did not say. */
  | { readonly kind: 'declined'; readonly code: string | null }
  /** The key was cancelled before: it will never be charged. */
  | { readonly kind: 'cancelled' }
  /** No answer within the budget: it may have been charged. */
  | { readonly kind: 'unknown' };

export type CancelOutcome = 'cancelled' | 'unknown';

/** Payments by idempotency key. No call throws; each is `unknown` when its time is over. */
export interface Payment {
  /**
   * Where a budget that begins now ends, in milliseconds of the clock. An order may need several calls one after the
   * other; they share one budget, or a provider that has become slow would hold a partition for each of them.
   */
  budgetEndMs(): number;
  charge(paymentKey: string, order: Order, call: PaymentCall): Promise<ChargeOutcome>;
  /** Final: gives back what was taken, and makes every later charge of the key `cancelled`. */
  cancel(paymentKey: string, call: PaymentCall): Promise<CancelOutcome>;
}

export interface PaymentCall {
  readonly endsAtMs: number;
  /** Once it aborts no call to the provider begins; the one under way goes on to its end. */
  readonly signal?: AbortSignal | undefined;
  /** W3C Trace Context that the provider is told, for its own traces. */
  readonly traceparent?: string | undefined;
}

export interface Clock {
  /** Monotonic. */
  nowMs(): number;
  /** Waits, unless the signal aborts first; never rejects. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Places between two effects, for tests that end the process there. */
export type Step =
  | 'after-decode'
  | 'after-decide'
  | 'after-charge'
  | 'after-settle'
  | 'after-cancel'
  | 'after-produce'
  | 'after-fence'
  | 'after-emitted'
  | 'after-bury'
  | 'after-postpone'
  | 'after-claim'
  | 'after-close'
  | 'after-markers'
  | 'after-load'
  | 'after-open'
  | 'after-adjust';

export type AtStep = (step: Step) => void;
