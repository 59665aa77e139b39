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

export const mountItemRoutes = (app: Express, db: Pool): void => {
  app
    .route('/items')
    .get(
      viewRoute(async (request, response) => {
        const { limit, after } = readPage(request.query as Query, isItemCursor);
        const items = await listItems(db, after?.[0], limit);
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
        const body = isName(request.params.item_id) ? await findItem(db, request.params.item_id) : undefined;
        if (body === undefined) {
          throw new ProblemError({ status: 404, error: 'ITEM_NOT_FOUND', title: 'There is no such item' });
        }
        sendJson(request, response, { body, cacheControl }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};
