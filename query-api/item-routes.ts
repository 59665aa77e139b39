import type { Express } from 'express';
import type { Pool } from 'pg';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import { ProblemError } from '../chassis/http/problem';
import { isName } from '../schemas/fields';
import { findItem, listItems } from './item-queries';
import { encodeCursor, readPage, type Query } from './query-parameters';
import { sendJson } from './send-json';
import { viewRoute } from './view-route';

/** Figures move all the time during a sale; a second keeps a refreshed page from costing a query each. */
const cacheControl = 'public, max-age=1';

const isItemCursor = (value: unknown): value is readonly [string] =>
  Array.isArray(value) && value.length === 1 && isName(value[0]);

/** @param clock milliseconds since 1970 */
export const mountItemRoutes = (app: Express, db: Pool, clock: () => number): void => {
  app
    .route('/items')
    .get(
      viewRoute(async (request, response) => {
        const { limit, after } = readPage(request.query as Query, isItemCursor);
        const items = await listItems(db, { after: after?.[0], limit }, clock());
        const last = items.length === limit ? items.at(-1) : undefined;
        const body = { items, next_cursor: last === undefined ? null : encodeCursor([last.item_id]) };
        sendJson(request, response, { body, cacheControl }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
  app
    .route('/items/:item_id')
    .get(
      viewRoute<{ item_id: string }>(async (request, response) => {
        const nowMs = clock();
        const { item_id: itemId } = request.params;
        const item = isName(itemId) ? await findItem(db, itemId, nowMs) : undefined;
        if (item === undefined) {
          throw new ProblemError({ status: 404, error: 'ITEM_NOT_FOUND', title: 'There is no such item' });
        }
        const body = { ...item, server_time: new Date(nowMs).toISOString() };
        sendJson(request, response, { body, cacheControl }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};
