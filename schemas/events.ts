/**
 * The published events, as every reader sees them today. One word everywhere: the type here, the `type` literal,
 * the Avro record's name and the folder of its schema versions. Times are milliseconds since 1970, UTC.
 * Facts about the event itself (its id, correlation, causation, trace) travel in the record's headers.
 */

/** A buyer's press was accepted. Key: request_id. Written by command-api only. */
export interface OrderRequested {
  readonly type: 'OrderRequested';
  readonly request_id: string;
  readonly user_id: string;
  readonly item_id: string;
  readonly amount: number;
  readonly requested_at: number;
  /** Since version 2; null when the client did not say. */
  readonly sales_channel: SalesChannel | null;
}

export const salesChannels = ['WEB', 'APP', 'PARTNER', 'OTHER'] as const;
export type SalesChannel = (typeof salesChannels)[number];

/** Paid and sold: terminal. Key: request_id. Written by the saga only. */
export interface OrderCompleted {
  readonly type: 'OrderCompleted';
  readonly request_id: string;
  readonly user_id: string;
  readonly item_id: string;
  readonly amount: number;
  /** The Redis generation that decided; void when older than the last EpochStarted before it in its partition. */
  readonly epoch: number;
  readonly payment_id: string;
  readonly completed_at: number;
}

/** Refused: terminal. What could not be decoded has a key only, hence the nullable members. */
export interface OrderFailed {
  readonly type: 'OrderFailed';
  readonly request_id: string;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly epoch: number;
  readonly reason: FailureReason;
  readonly failed_at: number;
  /** Since version 2: more about the reason, for people. */
  readonly detail: string | null;
}

export const failureReasons = [
  'SOLD_OUT',
  'PAYMENT',
  'LIMIT_EXCEEDED',
  'SALE_CLOSED',
  'UNKNOWN_ITEM',
  'EXPIRED',
  'UNPROCESSABLE',
  'OTHER',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Units came in (delta > 0) or were taken out (delta < 0). Key: item_id. Written by command-api only. */
export interface StockAdjusted {
  readonly type: 'StockAdjusted';
  readonly item_id: string;
  readonly delta: number;
  readonly reason: string;
  readonly command_id: string;
  readonly actor: string;
  readonly adjusted_at: number;
  /**
   * Since version 2: how many adjustments the item must have had before this one, or it was overtaken and changes
   * nothing; null always takes effect.
   */
  readonly expected_version: number | null;
}

/** How many units of an item one buyer may hold and have bought, over all orders; null lifts the limit. */
export interface BuyerLimitSet {
  readonly type: 'BuyerLimitSet';
  readonly item_id: string;
  readonly units_max: number | null;
  readonly command_id: string;
  readonly actor: string;
  readonly set_at: number;
  /** Null in what was written before version 2. */
  readonly reason: string | null;
}

export const saleActions = ['OPEN', 'PAUSE', 'RESUME', 'CLOSE', 'SCHEDULE', 'OTHER'] as const;
export type SaleAction = (typeof saleActions)[number];
export const saleModes = ['OPEN', 'PAUSED', 'CLOSED'] as const;
export type SaleMode = (typeof saleModes)[number];

/** All of what the sale of an item is from here on. Key: item_id. Written by command-api only. */
export interface SaleChanged {
  readonly type: 'SaleChanged';
  readonly item_id: string;
  readonly action: SaleAction;
  readonly mode: SaleMode;
  readonly opens_at: number | null;
  readonly closes_at: number | null;
  /** How many changes the sale must have had before this one, or it was overtaken and changes nothing. */
  readonly expected_version: number;
  readonly reason: string | null;
  readonly command_id: string;
  readonly actor: string;
  readonly changed_at: number;
}

/** What operators do to an item: every event of `stock-adjustments`. */
export type ItemEvent = StockAdjusted | BuyerLimitSet | SaleChanged;

/** A saga takes the next number for a Redis generation: the record's offset in `saga-epochs` is the epoch. */
export interface EpochClaimed {
  readonly type: 'EpochClaimed';
  readonly claimed_by: string;
  readonly reason: string;
  readonly claimed_at: number;
}

/** The fence: from here on, in this partition, outcomes of an older epoch are void for every reader. */
export interface EpochStarted {
  readonly type: 'EpochStarted';
  readonly epoch: number;
  readonly started_at: number;
}

/** The letters that a dry run selected, frozen. Key: plan_id. Written by command-api only, as the three below. */
export interface LettersPlanned {
  readonly type: 'LettersPlanned';
  readonly plan_id: string;
  /** Ids of letters, `topic:partition:offset` of the record that failed, at most 10,000. */
  readonly letters: readonly string[];
  readonly actor: string;
  readonly planned_at: number;
}

/** An operator wants dead letters processed again. Key: command_id. */
export interface RedriveOrdered {
  readonly type: 'RedriveOrdered';
  readonly command_id: string;
  readonly letters: readonly string[];
  readonly rate_per_second: number;
  /** Ends of the topics it may append to: whatever it appends stands behind them. */
  readonly log_ends: readonly string[];
  readonly note: string | null;
  readonly actor: string;
  readonly ordered_at: number;
}

export const letterEffects = ['APPENDED', 'ALREADY_TERMINAL', 'FAILED_AGAIN', 'NOT_OPEN', 'OTHER'] as const;
export type LetterEffect = (typeof letterEffects)[number];

export interface LetterResult {
  readonly letter: string;
  readonly effect: LetterEffect;
  /** The request_id or command_id that the letter is about. */
  readonly subject: string | null;
  readonly detail: string | null;
}

/** What became of some letters of a redrive. Key: command_id. */
export interface LettersRedriven {
  readonly type: 'LettersRedriven';
  readonly command_id: string;
  readonly results: readonly LetterResult[];
  readonly redriven_at: number;
}

/** An operator closed dead letters without processing them. Key: command_id. */
export interface LettersDiscarded {
  readonly type: 'LettersDiscarded';
  readonly command_id: string;
  readonly letters: readonly string[];
  readonly note: string;
  readonly actor: string;
  readonly discarded_at: number;
}

export type LetterEvent = LettersPlanned | RedriveOrdered | LettersRedriven | LettersDiscarded;

export const isLetterEvent = (event: DomainEvent): event is LetterEvent =>
  event.type === 'LettersPlanned' ||
  event.type === 'RedriveOrdered' ||
  event.type === 'LettersRedriven' ||
  event.type === 'LettersDiscarded';

export type OrderOutcome = OrderCompleted | OrderFailed;
export type DomainEvent =
  OrderRequested | OrderCompleted | OrderFailed | ItemEvent | EpochClaimed | EpochStarted | LetterEvent;
export type EventType = DomainEvent['type'];

export const eventTypes = [
  'OrderRequested',
  'OrderCompleted',
  'OrderFailed',
  'StockAdjusted',
  'BuyerLimitSet',
  'SaleChanged',
  'EpochClaimed',
  'EpochStarted',
  'LettersPlanned',
  'RedriveOrdered',
  'LettersRedriven',
  'LettersDiscarded',
] as const satisfies readonly EventType[];

/** What the buyer reads. */
export type OrderStatus = 'PENDING' | 'COMPLETED' | `FAILED_${FailureReason}`;
