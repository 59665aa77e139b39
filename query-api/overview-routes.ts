import type { Express, Request } from 'express';
import type { Pool } from 'pg';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import { operatorFault } from '../chassis/http/identity';
import { ProblemError } from '../chassis/http/problem';
import { parsePosition } from '../chassis/kafka/log';
import {
  findDeadLetter,
  listDeadLetters,
  type DeadLetterCursor,
  type DeadLetterFilter,
} from './dead-letter-queries';
import { listTotals } from './order-queries';
import { encodeCursor, readPage, readTotalsQuery, type Query } from './query-parameters';
import { sendJson } from './send-json';
import { viewRoute } from './view-route';

export interface OverviewOptions {
  readonly db: Pool;
  readonly adminToken: string | undefined;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** What totals show without `from`. */
const totalsDefaultMs = 3_600_000;

const mountTotals = (app: Express, { db, clock }: OverviewOptions): void => {
  app
    .route('/totals')
    .get(
      viewRoute(async (request, response) => {
        const { fromMs, toMs, stepSeconds } = readTotalsQuery(request.query);
        const to = toMs ?? clock();
        const buckets = await listTotals(db, {
          fromMs: fromMs ?? to - totalsDefaultMs,
          toMs: to,
          stepSeconds,
        });
        const body = { step_seconds: stepSeconds, buckets };
        sendJson(request, response, { body, cacheControl: 'public, max-age=1' }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};

const isLetterCursor = (value: unknown): value is DeadLetterCursor =>
  Array.isArray(value) && value.length === 3 && value.every((part) => Number.isSafeInteger(part));

const filterOf = (query: Query): DeadLetterFilter => {
  const text = (name: string): string | undefined => {
    const value = query[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [topic, reason, key] = [text('topic'), text('reason'), text('key')];
  return {
    ...(topic === undefined ? {} : { topic }),
    ...(reason === undefined ? {} : { reason }),
    ...(key === undefined ? {} : { key }),
  };
};

const admit = (request: Pick<Request, 'headers'>, adminToken: string | undefined): void => {
  const fault = operatorFault(request.headers.authorization, adminToken);
  if (fault) throw new ProblemError(fault);
};

const mountDeadLetters = (app: Express, { db, adminToken }: OverviewOptions): void => {
  app
    .route('/admin/dlq')
    .get(
      viewRoute(async (request, response) => {
        admit(request, adminToken);
        const query: Query = request.query;
        const page = readPage(query, isLetterCursor);
        const letters = await listDeadLetters(db, filterOf(query), page);
        const last = letters.length === page.limit ? letters.at(-1) : undefined;
        const next_cursor = last
          ? encodeCursor([Date.parse(last.parked_at), last.position.partition, last.position.offset])
          : null;
        const body = { letters, next_cursor };
        sendJson(request, response, { body, cacheControl: 'no-store' }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
  app
    .route('/admin/dlq/:id')
    .get(
      viewRoute<{ id: string }>(async (request, response) => {
        admit(request, adminToken);
        const source = parsePosition(request.params.id);
        const body = source && (await findDeadLetter(db, source));
        if (body === undefined) {
          throw new ProblemError({
            status: 404,
            error: 'LETTER_NOT_FOUND',
            title: 'There is no such letter',
          });
        }
        sendJson(request, response, { body, cacheControl: 'no-store' }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};

/** What a team looks at: totals over time, and with the operators' token what could not be processed. */
export const mountOverview = (app: Express, options: OverviewOptions): void => {
  mountTotals(app, options);
  mountDeadLetters(app, options);
};
