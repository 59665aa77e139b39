import type { ItemEvent, OrderStatus, SaleAction, SaleMode, SalesChannel } from '../schemas/events';

/** Rows of the read model as queries see them. Times are milliseconds since 1970 by the event, `*_appended_at` by the broker. */

export interface OrderRow {
  readonly request_id: string;
  /** Null while only the outcome of an undecodable request is known. */
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly status: OrderStatus;
  readonly correlation_id: string;
  readonly requested_at: number | null;
  readonly request_partition: number | null;
  readonly request_offset: number | null;
  readonly request_appended_at: number | null;
  readonly request_event_id: string | null;
  readonly request_causation_id: string | null;
  readonly sales_channel: SalesChannel | null;
  readonly decided_at: number | null;
  readonly outcome_partition: number | null;
  readonly outcome_offset: number | null;
  readonly outcome_appended_at: number | null;
  readonly outcome_event_id: string | null;
  readonly outcome_causation_id: string | null;
  readonly epoch: number | null;
  readonly payment_id: string | null;
  /** More about why it was refused. */
  readonly detail: string | null;
}

/** A record of an order that changed nothing: a copy of an earlier one, or an outcome that the fence made void. */
export interface EventSetAsideRow {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly request_id: string;
  readonly event_type: 'OrderRequested' | 'OrderCompleted' | 'OrderFailed';
  readonly event_id: string;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly happened_at: number;
  readonly appended_at: number;
  readonly is_void: boolean;
  /** What the record claims. */
  readonly status: OrderStatus;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly epoch: number | null;
}

/** What one partition of a topic has added to an item's counters; an item's figures are the sums. */
export interface ItemSalesRow {
  readonly item_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly pending_units: number;
  readonly sold_units: number;
  readonly pending_orders: number;
  readonly completed_orders: number;
  readonly failed_orders: number;
}

/** Orders and units that reached a status within a second of the log; `ACCEPTED` counts requests. */
export interface OrderTotalRow {
  readonly second: number;
  readonly status: 'ACCEPTED' | OrderStatus;
  readonly partition: number;
  readonly orders: number;
  readonly units: number;
}

export interface OffsetRow {
  readonly topic: string;
  readonly partition: number;
  /** The first offset not yet folded. */
  readonly next: number;
  /** The highest EpochStarted before `next`: an outcome of an older epoch is void. */
  readonly epoch: number | null;
  readonly first_appended_at: number | null;
  /** Append time of the last record folded. */
  readonly appended_at: number | null;
  readonly voided: number;
  readonly undecodable: number;
}

export interface ItemStockRow {
  readonly item_id: string;
  readonly stocked: number;
  readonly units_max: number | null;
  readonly adjusted_at: number;
  /** How many adjustments took effect. */
  readonly stock_version: number;
  readonly sale_mode: SaleMode;
  readonly opens_at: number | null;
  readonly closes_at: number | null;
  /** How many changes of the sale took effect. */
  readonly sale_version: number;
}

export interface ItemCommandRow {
  readonly command_id: string;
  readonly event_type: ItemEvent['type'];
  readonly item_id: string;
  readonly delta: number | null;
  readonly units_max: number | null;
  readonly action: SaleAction | null;
  readonly opens_at: number | null;
  readonly closes_at: number | null;
  /** The version that the command was decided at; null when it took effect at any. */
  readonly expected_version: number | null;
  readonly reason: string | null;
  readonly actor: string;
  readonly commanded_at: number;
  readonly appended_at: number;
  readonly event_id: string;
  readonly partition: number;
  readonly offset: number;
}

export interface DeadLetterRow {
  readonly source_topic: string;
  readonly source_partition: number;
  readonly source_offset: number;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly detail: string;
  readonly consumer: string;
  readonly attempts: number;
  readonly correlation_id: string;
  /** First failure, by the clock of whoever gave up. */
  readonly failed_at: number;
  readonly parked_at: number;
  /** Letters that failed for the same reason, see `schemas/letter-group.ts`. */
  readonly group_id: string;
  /** The request_id or command_id it is about, as far as its key and bytes told when it was folded. */
  readonly subject: string | null;
  readonly item_id: string | null;
  readonly decoded: unknown;
  /** How often it was parked, redrives left out. */
  readonly copies: number;
}

/** What one command did to one letter. Either group of columns may come first. */
export interface LetterActionRow {
  readonly source_topic: string;
  readonly source_partition: number;
  readonly source_offset: number;
  readonly command_id: string;
  /** As in LetterResult, or DISCARDED; null while only the failure is known. */
  readonly effect: string | null;
  readonly subject: string | null;
  readonly detail: string | null;
  readonly acted_at: number | null;
  readonly offset: number | null;
  /** The redriven record was parked again. */
  readonly failed_at: number | null;
  readonly failed_reason: string | null;
  readonly failed_detail: string | null;
}

export interface LetterCommandRow {
  readonly command_id: string;
  readonly kind: 'PLAN' | 'REDRIVE' | 'DISCARD';
  readonly letters: number;
  readonly rate_per_second: number | null;
  readonly note: string | null;
  readonly actor: string;
  readonly ordered_at: number;
  readonly offset: number;
}

export interface RebuildRow {
  readonly view: string;
  readonly state: string;
  readonly version: number;
  readonly started_at: number;
  readonly progressed_at: number;
  readonly events_total: number;
  readonly events_done: number;
  readonly events_per_second: number;
  readonly detail: string | null;
  readonly report: unknown;
  /** Its builder gives up after this long without a step. */
  readonly stalled_after_ms: number;
}
