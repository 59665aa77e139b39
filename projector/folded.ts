import type { LogRecord } from '../chassis/kafka/log';
import type { DomainEvent, OrderStatus, SalesChannel } from '../schemas/events';
import type { EventMetadata } from '../schemas/headers';

/** A record and the event in it: what every fold takes. */
export interface LoggedEvent<E extends DomainEvent = DomainEvent> {
  readonly record: Pick<LogRecord, 'topic' | 'partition' | 'offset' | 'appendedAtMs'>;
  readonly event: E;
  readonly metadata: EventMetadata;
}

/** An event of one order, flat, as rows and timelines hold it. */
export interface OrderEvent {
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
  /** The status that the event leads to. */
  readonly status: OrderStatus;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly epoch: number | null;
  readonly payment_id: string | null;
  readonly sales_channel: SalesChannel | null;
  readonly detail: string | null;
}
