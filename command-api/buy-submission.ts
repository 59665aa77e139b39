import type { Span } from '../chassis/tracing';
import { acceptedOrderKey, orderKey, orderPayload } from '../schemas/accepted-order';
import type { Problem } from '../chassis/http/problem';
import type { EventCodec } from '../schemas/codec';
import { eventIdOf } from '../schemas/event-id';
import type { OrderRequested } from '../schemas/events';
import { toRecord } from '../schemas/new-record';
import { topics } from '../schemas/topics';
import type { Claim } from './admission';
import type { BuyCommand } from './buy';
import type { Submission } from './command-path';

export interface SubmissionFacts {
  readonly saleId: string;
  /** Whose token it is; undefined without authentication. */
  readonly buyer: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly correlationId: string;
  readonly traceparent: string;
  readonly span: Span | undefined;
  readonly requestedAtMs: number;
  readonly objection: () => Problem | undefined;
}

const claimOf = (command: BuyCommand, identity: string, facts: SubmissionFacts): Claim => ({
  recordKey: acceptedOrderKey(facts.saleId, identity),
  payload: orderPayload(command),
  correlationId: facts.correlationId,
  requestedAtMs: facts.requestedAtMs,
  user: command.user_id,
  replayKey:
    facts.idempotencyKey === undefined
      ? undefined
      : `{${facts.saleId}}:idempotency:${orderKey(facts.idempotencyKey, facts.buyer)}`,
});

/**
 * A checked command as the record that asks for it. The order's identity is scoped to the buyer when one is known, so
 * that nobody can take or probe another buyer's request_id. The correlation id is the causation id too: the command
 * itself is no event and has no other id.
 */
export const submissionOf = (
  codec: Pick<EventCodec, 'encode'>,
  command: BuyCommand,
  facts: SubmissionFacts,
): Submission => {
  const identity = orderKey(command.request_id, facts.buyer);
  const event: OrderRequested = {
    type: 'OrderRequested',
    request_id: identity,
    user_id: command.user_id,
    item_id: command.item_id,
    amount: command.amount,
    requested_at: facts.requestedAtMs,
    sales_channel: command.sales_channel,
  };
  const record = toRecord(codec, topics.orderRequests.name, event, {
    event_id: eventIdOf(event),
    correlation_id: facts.correlationId,
    causation_id: facts.correlationId,
    source: 'command-api',
    traceparent: facts.traceparent,
  });
  const { span, objection } = facts;
  return { claim: claimOf(command, identity, facts), record, span, objection };
};
