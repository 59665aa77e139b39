import type { Express } from 'express';
import type { Pool } from 'pg';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import { mountDeadLetters } from './dead-letter-routes';
import { inTurn } from './in-turn';
import { listTotals, type TotalsRange } from './order-queries';
import { readTotalsQuery } from './query-parameters';
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
  const totals = inTurn((range: TotalsRange) => listTotals(db, range));
  app
    .route('/totals')
    .get(
      viewRoute(async (request, response) => {
        const { fromMs, toMs, stepSeconds } = readTotalsQuery(request.query);
        const to = toMs ?? clock();
        const buckets = await totals({
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

/** What a team looks at: totals over time, and with the operators' token what could not be processed. */
export const mountOverview = (app: Express, options: OverviewOptions): void => {
  mountTotals(app, options);
  mountDeadLetters(app, options);
};
