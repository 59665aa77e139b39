import type { Express } from 'express';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import { operatorFault } from '../chassis/http/identity';
import { ProblemError } from '../chassis/http/problem';
import { encodeCursor, readStuckQuery } from './query-parameters';
import { sendJson } from './send-json';
import { listStuck, type StuckSources } from './stuck-orders';
import { viewRoute } from './view-route';

export interface StuckOrderOptions extends StuckSources {
  readonly adminToken: string | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** `GET /admin/orders`: what was answered 202 and has no outcome yet. */
export const mountStuckOrders = (app: Express, options: StuckOrderOptions): void => {
  app
    .route('/admin/orders')
    .get(
      viewRoute(async (request, response) => {
        const fault = operatorFault(request.headers.authorization, options.adminToken);
        if (fault) throw new ProblemError(fault);
        const { olderThanMs, limit, after } = readStuckQuery(request.query);
        const nowMs = options.clock();
        const query = { acceptedBeforeMs: nowMs - olderThanMs, limit, ...(after ? { after } : {}) };
        const orders = await listStuck(options, query, nowMs);
        const last = orders.length === limit ? orders.at(-1) : undefined;
        const next_cursor = last ? encodeCursor([Date.parse(last.accepted_at), last.key]) : null;
        const body = { orders, next_cursor, server_time: new Date(nowMs).toISOString() };
        sendJson(request, response, { body, cacheControl: 'no-store' }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};
