import type { Express, Request, Response } from 'express';
import type { Pool } from 'pg';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import type { Identify } from '../chassis/http/identity';
import { ProblemError } from '../chassis/http/problem';
import type { Log } from '../chassis/log';
import { orderKey } from '../schemas/accepted-order';
import { isName } from '../schemas/fields';
import { bodyOfRow } from './order-answer';
import { interestOf, lasting } from './interest';
import type { OrderLookup } from './order-lookup';
import { findTimeline, listOrdersOf } from './order-queries';
import type { OrderReader } from './order-reader';
import { orderNotFound } from './order-route';
import { hasSeenEnd, streamOrder } from './order-stream';
import { parseSeen } from './order-timeline';
import type { Places } from './places';
import { encodeCursor, isTimeCursor, readPage, readRequestId, type Query } from './query-parameters';
import { sendJson } from './send-json';
import { sharedTimelinesOf, type FindTimeline } from './shared-timelines';
import { buyerOf, viewRoute } from './view-route';
import type { WaitingRoom } from './waiting-room';

export interface OrderDetailOptions {
  readonly db: Pool;
  readonly reader: Pick<OrderReader, 'read'>;
  readonly identify: Identify | undefined;
  readonly lookup: Pick<OrderLookup, 'find'>;
  readonly streamRoom: WaitingRoom;
  readonly streams: Places;
  readonly streamsMax: number;
  readonly log: Log;
}

type ById = Request<{ request_id: string }>;

const notCached = 'private, no-cache';

/** Who asks for which order, once it is sure that the order was accepted. @throws ProblemError 404. */
const findKey = async (options: OrderDetailOptions, request: ById): Promise<string> => {
  const buyer = await buyerOf(options.identify, request.headers.authorization);
  const requestId = readRequestId(request.params.request_id);
  const reply = await options.reader.read({
    requestId,
    buyer,
    waitMs: 0,
    untilTerminal: false,
    interest: lasting,
  });
  if (reply.kind !== 'found') throw new ProblemError(orderNotFound);
  return orderKey(requestId, buyer);
};

const mountTimeline = (app: Express, options: OrderDetailOptions): void => {
  app
    .route('/orders/:request_id/timeline')
    .get(
      viewRoute<{ request_id: string }>(async (request, response) => {
        const key = await findKey(options, request);
        const events = await findTimeline(options.db, key);
        const body = { request_id: request.params.request_id, events };
        sendJson(request, response, { body, cacheControl: notCached }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};

const tooManyStreams = {
  status: 503,
  error: 'TOO_MANY_STREAMS',
  title: 'Too many streams are open',
  detail: 'Ask for the order with ?wait=10s instead.',
  retryAfterSeconds: 5,
} as const;

const stream = async (
  options: OrderDetailOptions & { readonly findTimeline: FindTimeline },
  request: ById,
  response: Response,
): Promise<void> => {
  if (options.streams.taken >= options.streamsMax) throw new ProblemError(tooManyStreams);
  const interest = interestOf(request, response);
  const key = await findKey(options, request);
  const seen = parseSeen(request.get('Last-Event-ID'));
  if (hasSeenEnd(await options.findTimeline(key), seen)) {
    // Tells an EventSource to stay away: any other answer makes it come back for ever.
    response.status(204).end();
    return;
  }
  await streamOrder(
    response,
    {
      findTimeline: options.findTimeline,
      isThere: async (id) => (await options.lookup.find(id, 'patient')) !== undefined,
      room: options.streamRoom,
      log: options.log,
    },
    { key, seen, correlationId: correlationOf(response), interest },
  );
};

const mountOrdersOf = (app: Express, { db, identify }: OrderDetailOptions): void => {
  app
    .route('/users/:user_id/orders')
    .get(
      viewRoute<{ user_id: string }>(async (request, response) => {
        const buyer = await buyerOf(identify, request.headers.authorization);
        const userId = request.params.user_id;
        const isTheirs = isName(userId) && (buyer === undefined || buyer === userId);
        if (!isTheirs) {
          throw new ProblemError({ status: 404, error: 'USER_NOT_FOUND', title: 'There is no such user' });
        }
        const page = readPage(request.query as Query, isTimeCursor);
        const rows = await listOrdersOf(db, userId, page);
        const last = rows.length === page.limit ? rows.at(-1) : undefined;
        const body = {
          orders: rows.map((row) => bodyOfRow(row, buyer)),
          next_cursor: last ? encodeCursor([last.requested_at ?? 0, last.request_id]) : null,
        };
        sendJson(request, response, { body, cacheControl: notCached }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};

/** An order's events, as a list and as a stream, and a buyer's orders. */
export const mountOrderDetails = (app: Express, options: OrderDetailOptions): void => {
  mountTimeline(app, options);
  const streaming = { ...options, findTimeline: sharedTimelinesOf(options.db) };
  app
    .route('/orders/:request_id/stream')
    // Express answers HEAD as GET: it would hold a stream open that nobody is sent anything on.
    .head(onlyMethods('GET'))
    .get(viewRoute<{ request_id: string }>((request, response) => stream(streaming, request, response)))
    .all(onlyMethods('GET'));
  mountOrdersOf(app, options);
};
