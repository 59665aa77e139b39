import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { onlyMethods } from '../chassis/http/app';
import { correlationIdOf } from '../chassis/http/correlation';
import type { Identify } from '../chassis/http/identity';
import { ProblemError, internalError, type Problem } from '../chassis/http/problem';
import type { Log } from '../chassis/log';
import { isPostgresTrouble } from '../chassis/postgres-trouble';
import { interestOf, lasting } from './interest';
import type { OrderReader, OrderReply } from './order-reader';
import { readOrderQuery, readRequestId, type OrderQuery } from './query-parameters';
import type { QueryMetrics } from './query-metrics';
import { sendJson, sendProblemTo, type Headers } from './send-json';
import { buyerOf, viewUnavailable } from './view-route';

export interface OrderRouteOptions {
  readonly reader: Pick<OrderReader, 'read'>;
  /** Absent without authentication. */
  readonly identify: Identify | undefined;
  readonly metrics: Pick<QueryMetrics, 'observe'>;
  readonly orderPartitions: number;
  readonly log: Log;
}

export const orderNotFound: Problem = {
  status: 404,
  error: 'ORDER_NOT_FOUND',
  title: 'There is no such order',
};

const beforeLog: Problem = {
  status: 422,
  error: 'BEFORE_LOG',
  title: 'Nothing was known at that time',
  detail: 'The log begins later than as_of.',
};

const routeName = '/orders/:request_id';
const prefix = '/orders/';
const noQuery: OrderQuery = { waitMs: 0, untilTerminal: false };
/** A terminal state is for ever; the minute bounds how long a client keeps what an operator may want to take back. */
const cacheLasting = 'private, max-age=60';
/** May be kept, must be asked about: the tag makes that cheap. */
const cachePending = 'private, no-cache';
const roomFullRetrySeconds = '1';

/** `undefined` for paths with more segments, and for text that is not percent-encoded UTF-8. */
const requestIdIn = (path: string): string | undefined => {
  // As the other routes do, it takes one slash more at the end.
  const text = path.slice(prefix.length, path.endsWith('/') ? -1 : undefined);
  if (text === '' || text.includes('/')) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const queryOf = (search: string, orderPartitions: number): OrderQuery =>
  search === '' ? noQuery : readOrderQuery(Object.fromEntries(new URLSearchParams(search)), orderPartitions);

/**
 * `GET /orders/:request_id`, answered ahead of express: it is most of what a sale asks, and express with its router
 * costs more than the answer.
 */
export class OrderRoute {
  readonly #options: OrderRouteOptions;

  constructor(options: OrderRouteOptions) {
    this.#options = options;
  }

  /** Answers when the request is for this route; false leaves it to somebody else. */
  front(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '' } = request;
    if ((method !== 'GET' && method !== 'HEAD') || !url.startsWith(prefix)) return false;
    const mark = url.indexOf('?');
    const requestId = requestIdIn(mark === -1 ? url : url.slice(0, mark));
    if (requestId === undefined) return false;
    void this.#answer(request, response, requestId, mark === -1 ? '' : url.slice(mark + 1));
    return true;
  }

  /** What the front leaves of the route: other methods, and ids that cannot be read. */
  mount(app: Express): void {
    app.all(routeName, onlyMethods('GET', 'HEAD'));
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    search: string,
  ): Promise<void> {
    const startedAtMs = performance.now();
    const correlationId = correlationIdOf(request);
    let waited = false;
    try {
      const query = queryOf(search, this.#options.orderPartitions);
      waited = query.waitMs > 0;
      const interest = waited ? interestOf(request, response) : lasting;
      const buyer = await buyerOf(this.#options.identify, request.headers.authorization);
      const reply = await this.#options.reader.read({
        requestId: readRequestId(requestId),
        buyer,
        ...query,
        interest,
      });
      if (!response.destroyed) this.#send(request, response, reply, correlationId);
    } catch (error) {
      this.#fail(response, error, correlationId);
    }
    const route = waited ? `${routeName}?wait` : routeName;
    this.#options.metrics.observe(route, response.statusCode, performance.now() - startedAtMs);
  }

  #send(request: IncomingMessage, response: ServerResponse, reply: OrderReply, correlationId: string): void {
    if (reply.kind !== 'found') {
      sendProblemTo(response, reply.kind === 'not-found' ? orderNotFound : beforeLog, correlationId);
      return;
    }
    const { body, text, etag, isLasting } = reply.answer;
    const headers: Headers = {};
    // The next buyer of the same browser has a token of their own, and may have an order of the same id.
    if (this.#options.identify !== undefined) headers['Vary'] = 'Authorization';
    if (reply.isRoomFull) headers['Retry-After'] = roomFullRetrySeconds;
    const answer = {
      body,
      text,
      cacheControl: isLasting ? cacheLasting : cachePending,
      ...(etag === undefined ? {} : { etag }),
      headers,
    };
    sendJson(request, response, answer, correlationId);
  }

  #fail(response: ServerResponse, error: unknown, correlationId: string): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    sendProblemTo(response, this.#problemOf(error, correlationId), correlationId);
  }

  #problemOf(error: unknown, correlationId: string): Problem {
    if (error instanceof ProblemError) return error.problem;
    if (!isPostgresTrouble(error)) {
      this.#options.log.error('an order could not be read', {
        event: 'request_failed',
        correlation_id: correlationId,
        error,
      });
      return internalError;
    }
    return viewUnavailable;
  }
}
