import type { Express, Request } from 'express';
import type { Pool } from 'pg';
import { pause } from '../chassis/deadline';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import { operatorFault } from '../chassis/http/identity';
import { ProblemError } from '../chassis/http/problem';
import { parsePosition } from '../chassis/kafka/log';
import { readLetterFilter, type LetterFilter } from '../migrations/letters/letter-filter';
import {
  findDeadLetter,
  listDeadLetters,
  listLetterGroups,
  type DeadLetterCursor,
} from './dead-letter-queries';
import { encodeCursor, invalidParameters, readPage, type Query } from './query-parameters';
import { findLetterCommand, type LetterCommandBody } from './redrive-queries';
import { sendJson } from './send-json';
import { viewRoute } from './view-route';

export interface DeadLetterRoutesOptions {
  readonly db: Pool;
  readonly adminToken: string | undefined;
}

/** A command answered 202 a moment ago is in the log and not yet in the view. */
const commandWaitMs = 2_000;
const commandPollMs = 100;

const isLetterCursor = (value: unknown): value is DeadLetterCursor =>
  Array.isArray(value) && value.length === 3 && value.every((part) => Number.isSafeInteger(part));

const filterOf = (query: Query): LetterFilter => {
  const { filter, faults } = readLetterFilter(query);
  if (faults.length > 0) throw invalidParameters(faults);
  return filter;
};

const admit = (request: Pick<Request, 'headers'>, adminToken: string | undefined): void => {
  const fault = operatorFault(request.headers.authorization, adminToken);
  if (fault) throw new ProblemError(fault);
};

const mountList = (app: Express, { db, adminToken }: DeadLetterRoutesOptions): void => {
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
    .route('/admin/dlq/groups')
    .get(
      viewRoute(async (request, response) => {
        admit(request, adminToken);
        const body = { groups: await listLetterGroups(db, filterOf(request.query)) };
        sendJson(request, response, { body, cacheControl: 'no-store' }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};

const mountLetter = (app: Express, { db, adminToken }: DeadLetterRoutesOptions): void => {
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

const awaitCommand = async (db: Pool, commandId: string): Promise<LetterCommandBody | undefined> => {
  const endsAtMs = performance.now() + commandWaitMs;
  for (;;) {
    const found = await findLetterCommand(db, commandId);
    if (found !== undefined || performance.now() > endsAtMs) return found;
    await pause(commandPollMs);
  }
};

const mountProgress = (app: Express, { db, adminToken }: DeadLetterRoutesOptions): void => {
  app
    .route('/admin/redrives/:command_id')
    .get(
      viewRoute<{ command_id: string }>(async (request, response) => {
        admit(request, adminToken);
        const { command_id } = request.params;
        const body = command_id.includes('\u0000') ? undefined : await awaitCommand(db, command_id);
        if (body === undefined) {
          throw new ProblemError({
            status: 404,
            error: 'COMMAND_NOT_FOUND',
            title: 'There is no such command',
            detail: 'A command answered 202 shows up within seconds, once the projector has read it.',
          });
        }
        sendJson(request, response, { body, cacheControl: 'no-store' }, correlationOf(response));
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
};

/** With the operators' token: what could not be processed, and how far commands on it have come. */
export const mountDeadLetters = (app: Express, options: DeadLetterRoutesOptions): void => {
  mountList(app, options);
  mountLetter(app, options);
  mountProgress(app, options);
};
