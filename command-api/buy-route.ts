import type { IncomingMessage, ServerResponse } from 'node:http';
import { correlationIdOf } from '../chassis/http/correlation';
import { internalError, type Problem } from '../chassis/http/problem';
import { readBody } from '../chassis/http/read-body';
import type { Log } from '../chassis/log';
import type { Tracing } from '../chassis/tracing';
import type { EventCodec } from '../schemas/codec';
import type { Sale } from '../schemas/sale';
import { answerDuplicate, answerLimited, answerPending, answerProblem, type AnswerSettings } from './answers';
import { answerBuy, invalidCommand, otherBuyer, readBuy, unavailable, type BuyAnswer } from './buy';
import { submissionOf } from './buy-submission';
import { beginTrace, endTrace } from './buy-trace';
import { idempotencyKeyOf } from './command-headers';
import { countOutcome, type CommandMetrics } from './command-metrics';
import { overload, type CommandPath } from './command-path';
import type { Identify, Sender } from '../chassis/http/identity';
import { parseMembers } from './json-members';
import { bodyBytesMax, headersFault, malformed, tooLarge } from './request-body';
import { notOnSale } from './sale';

export interface BuyRouteOptions {
  readonly saleId: string;
  readonly path: CommandPath;
  readonly codec: Pick<EventCodec, 'encode'>;
  readonly metrics: CommandMetrics;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly answers: AnswerSettings;
  /** `undefined`: no authentication, and no wait for it. */
  readonly identify: Identify | undefined;
  /** Milliseconds since 1970, for the event's own time. */
  readonly clock: () => number;
  /** The sale of an item; undefined when no operator ever changed it: one look into a map. */
  readonly saleOf: (itemId: string) => Sale | undefined;
}

export const buyPath = '/commands/buy';

const overloaded = unavailable(overload.reason, overload.retryAfterMs);

/** One request on its way to its answer. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly correlationId: string;
}

/**
 * POST /commands/buy, ahead of express: its router, body parser and `res.json` cost as much again as the order itself
 * (docs/adr/0006). Other methods of this path, and everything else, are express's.
 */
export class BuyRoute {
  private readonly options: BuyRouteOptions;

  constructor(options: BuyRouteOptions) {
    this.options = options;
  }

  /** True when the request is answered here, now or later. */
  front(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'POST' || request.url !== buyPath) return false;
    this.handle(request, response);
    return true;
  }

  /** The same by way of express, for other spellings of the path: a query string, a slash at its end. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const exchange = { request, response, correlationId: correlationIdOf(request) };
    const fault = headersFault(request);
    if (fault) {
      this.refuseUnread(exchange, fault);
      return;
    }
    readBody(request, bodyBytesMax, (bytes) => {
      if (bytes === undefined) this.refuseUnread(exchange, tooLarge);
      else void this.buy(exchange, bytes);
    });
  }

  /** Never rejects. Counted as received here: a body that does not arrive whole has no answer to be counted with. */
  private async buy(exchange: Exchange, bytes: Buffer): Promise<void> {
    const { identify, metrics } = this.options;
    metrics.received.inc();
    const receivedAtMs = performance.now();
    try {
      const sender = identify ? await this.whoSends(identify, exchange) : undefined;
      if (sender?.kind === 'refused') this.forbid(exchange, sender.problem);
      else await this.decide(exchange, bytes, sender?.subject);
    } catch (error) {
      this.fail(exchange, error);
    }
    metrics.durationSeconds.observe((performance.now() - receivedAtMs) / 1000);
  }

  /** Within the bound of what is under way: an issuer that hangs holds no more requests than Kafka may. */
  private async whoSends(identify: Identify, { request }: Exchange): Promise<Sender> {
    const sender = await this.options.path.within(() => identify(request.headers.authorization));
    return sender ?? { kind: 'refused', problem: overloaded };
  }

  private refuseUnread(exchange: Exchange, problem: Problem): void {
    this.options.metrics.received.inc();
    this.refuse(exchange, problem);
  }

  private async decide(exchange: Exchange, bytes: Buffer, buyer: string | undefined): Promise<void> {
    const { headers } = exchange.request;
    const parsed = parseMembers(bytes);
    if (parsed.kind === 'malformed') {
      this.refuse(exchange, malformed(parsed.detail));
      return;
    }
    const key = idempotencyKeyOf(headers);
    const idempotencyKey = key.kind === 'key' ? key.key : undefined;
    const read = readBuy(parsed.members, { buyer, faults: key.kind === 'fault' ? [key.fault] : [] });
    switch (read.kind) {
      case 'faults':
        this.refuse(exchange, invalidCommand(read.faults));
        return;
      case 'other-buyer':
        this.forbid(exchange, otherBuyer);
        return;
      case 'command': {
        const trace = beginTrace(this.options.tracing, headers);
        const submission = submissionOf(this.options.codec, read.command, {
          buyer,
          idempotencyKey,
          saleId: this.options.saleId,
          correlationId: exchange.correlationId,
          traceparent: trace.traceparent,
          span: trace.span,
          requestedAtMs: this.options.clock(),
          objection: () => this.objection(read.command.item_id),
        });
        const submitted = await this.options.path.submit(submission);
        if (trace.span) endTrace(trace.span, exchange.correlationId, submitted);
        const answer = answerBuy(submitted, idempotencyKey !== undefined);
        this.answer(exchange, read.command.request_id, answer);
        // After the answer: one that cannot be written becomes a 500, and is counted as that alone.
        countOutcome(this.options.metrics, submitted, idempotencyKey !== undefined);
      }
    }
  }

  private objection(itemId: string): Problem | undefined {
    const sale = this.options.saleOf(itemId);
    return sale === undefined ? undefined : notOnSale(sale, this.options.clock());
  }

  private answer({ response, correlationId }: Exchange, requestId: string, answer: BuyAnswer): void {
    const settings = this.options.answers;
    switch (answer.kind) {
      case 'pending':
        answerPending(response, settings, { requestId, correlationId, ...answer });
        return;
      case 'duplicate':
        answerDuplicate(response, settings, { requestId, correlationId, ...answer });
        return;
      case 'limited':
        answerLimited(response, settings, answer.problem, correlationId);
        return;
      case 'problem':
        answerProblem(response, answer.problem, correlationId);
        return;
    }
  }

  private refuse(exchange: Exchange, problem: Problem): void {
    this.options.metrics.validationFailed.inc();
    answerProblem(exchange.response, problem, exchange.correlationId);
  }

  private forbid(exchange: Exchange, problem: Problem): void {
    answerProblem(exchange.response, problem, exchange.correlationId);
    const { unauthorized, failed } = this.options.metrics;
    if (problem === overloaded) failed.inc({ reason: overload.reason });
    else if (problem.status === 503) failed.inc({ reason: 'identity-unavailable' });
    else unauthorized.inc();
  }

  private fail(exchange: Exchange, error: unknown): void {
    this.options.log.error('a request to buy failed', {
      event: 'request_failed',
      correlation_id: exchange.correlationId,
      error,
    });
    this.options.metrics.failed.inc({ reason: 'internal' });
    if (exchange.response.headersSent) exchange.response.destroy();
    else answerProblem(exchange.response, internalError, exchange.correlationId);
  }
}
