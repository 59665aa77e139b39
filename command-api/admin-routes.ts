import type { Express, Request, RequestHandler, Response } from 'express';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import { operatorFault } from '../chassis/http/identity';
import { ProblemError } from '../chassis/http/problem';
import { formatPosition, type NewRecord } from '../chassis/kafka/log';
import type { Log } from '../chassis/log';
import type { EventCodec } from '../schemas/codec';
import { toDigestHeader } from '../schemas/command-digest';
import { eventIdOf } from '../schemas/event-id';
import { toRecord } from '../schemas/new-record';
import { topics } from '../schemas/topics';
import type { ItemEvent } from '../schemas/events';
import { readAdjustStock, readSetBuyerLimit, type AdminCommand, type AdminReader } from './admin-commands';
import { invalidCommand } from './buy';
import { traceparentOf } from './command-headers';
import { countThrown, type CommandMetrics } from './command-metrics';
import type { CommandPath, Submission, Submitted } from './command-path';
import { firstAnswerOf } from './first-answer';
import { knowItems, planCommand, verdictOf, type Planned, type PlanParts } from './plan-command';
import { readMembers } from './read-members';
import { readSale } from './sale-command';

export interface AdminRoutesOptions extends PlanParts {
  readonly saleId: string;
  readonly path: CommandPath;
  readonly codec: Pick<EventCodec, 'encode'>;
  readonly metrics: CommandMetrics;
  readonly log: Log;
  /** Operators' routes are off without it. */
  readonly adminToken: string | undefined;
  /** Milliseconds since 1970, for the event's own time. */
  readonly clock: () => number;
}

const readCommand = async (request: Request, read: AdminReader, nowMs: number): Promise<AdminCommand> => {
  const command = read(await readMembers(request), { nowMs });
  if (command.kind === 'faults') throw new ProblemError(invalidCommand(command.faults));
  return command.command;
};

type Trace = { readonly correlationId: string; readonly traceparent: string };

const recordOf = (
  options: AdminRoutesOptions,
  event: ItemEvent,
  payload: string,
  trace: Trace,
): NewRecord => {
  const record = toRecord(options.codec, topics.stockAdjustments.name, event, {
    event_id: eventIdOf(event),
    correlation_id: trace.correlationId,
    causation_id: trace.correlationId,
    source: 'command-api',
    traceparent: trace.traceparent,
  });
  return { ...record, headers: { ...record.headers, ...toDigestHeader(payload) } };
};

const submissionOf = (
  options: AdminRoutesOptions,
  { commandId, payload }: AdminCommand,
  planned: Planned,
  trace: Trace,
): Submission => {
  const claim = {
    recordKey: `{${options.saleId}}:command-answer:${commandId}`,
    payload,
    correlationId: trace.correlationId,
  };
  return planned.kind === 'event'
    ? { claim, record: recordOf(options, planned.event, payload, trace) }
    : { claim, record: undefined, objection: () => planned.problem };
};

const answer = (response: Response, commandId: string, submitted: Submitted): void => {
  const { first, replayed } = firstAnswerOf(submitted);
  if (replayed) response.set('Idempotency-Replayed', 'true');
  response
    .status(202)
    .set('Cache-Control', 'no-store')
    .json({
      status: 'ACCEPTED',
      command_id: commandId,
      correlation_id: first.correlation_id,
      position: formatPosition(first.position),
    });
};

const handler =
  (options: AdminRoutesOptions, name: string, read: AdminReader): RequestHandler =>
  async (request, response) => {
    const refusal = operatorFault(request.headers.authorization, options.adminToken);
    if (refusal) throw new ProblemError(refusal);
    const command = await readCommand(request, read, options.clock());
    const planned = await countThrown(options.metrics, name, async () => {
      await knowItems(options);
      return planCommand(options, command);
    });
    const correlationId = correlationOf(response);
    const trace = { correlationId, traceparent: traceparentOf(request.headers) };
    const submission = submissionOf(options, command, planned, trace);
    const submitted = await verdictOf(
      options,
      { command, correlationId },
      await options.path.submit(submission),
    );
    options.metrics.adminCommands.inc({ command: name, outcome: submitted.kind });
    options.log.info(`${name}: ${submitted.kind}`, {
      event: 'admin_command',
      command: name,
      command_id: command.commandId,
      item_id: command.itemId,
      correlation_id: correlationId,
    });
    answer(response, command.commandId, submitted);
  };

/** Operators' commands. Each becomes an event; its command_id makes a repeat harmless, in the answer and in every fold. */
export const mountAdminRoutes = (app: Express, options: AdminRoutesOptions): void => {
  const commands: readonly (readonly [string, AdminReader])[] = [
    ['adjust-stock', readAdjustStock],
    ['set-buyer-limit', readSetBuyerLimit],
    ['sale', readSale],
  ];
  for (const [name, read] of commands) {
    app
      .route(`/commands/${name}`)
      .post(handler(options, name, read))
      .all(onlyMethods('POST'));
  }
};
