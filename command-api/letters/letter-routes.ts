import type { Express, Request, RequestHandler } from 'express';
import { correlationOf, onlyMethods } from '../../chassis/http/app';
import { operatorFault } from '../../chassis/http/identity';
import { ProblemError, type Problem } from '../../chassis/http/problem';
import { InfrastructureError } from '../../chassis/kafka/log';
import type { Log } from '../../chassis/log';
import { isPostgresTrouble } from '../../chassis/postgres-trouble';
import { invalidCommand } from '../buy';
import { traceparentOf } from '../command-headers';
import { countThrown, type CommandMetrics } from '../command-metrics';
import { readMembers } from '../read-members';
import { admitOrigin } from './admit-origin';
import { readLetterCommand, type LetterCommand, type LetterVerb } from './letter-command';
import type { LetterDesk } from './letter-desk';

export interface LetterRoutesOptions {
  readonly desk: LetterDesk;
  readonly metrics: CommandMetrics;
  readonly log: Log;
  /** Operators' routes are off without it. */
  readonly adminToken: string | undefined;
  /** Put before /admin/redrives/…; empty: same origin. */
  readonly queryUrl: string;
  /** The one page whose script may send these commands; undefined: none. */
  readonly consoleOrigin: string | undefined;
}

const lettersUnavailable: Problem = {
  status: 503,
  error: 'VIEW_UNAVAILABLE',
  title: 'Dead letters cannot be read at the moment',
  detail:
    'The read model, Kafka or the Schema Registry does not answer. Nothing was done; orders are accepted meanwhile.',
  retryAfterSeconds: 2,
};

const readCommand = async (request: Request, verb: LetterVerb): Promise<LetterCommand> => {
  const read = readLetterCommand(verb, await readMembers(request));
  if (read.kind === 'faults') throw new ProblemError(invalidCommand(read.faults));
  return read.command;
};

const isTrouble = (error: unknown): boolean =>
  error instanceof InfrastructureError || isPostgresTrouble(error);

const handler =
  (options: LetterRoutesOptions, verb: LetterVerb): RequestHandler =>
  async (request, response) => {
    const { desk, metrics, log, adminToken, queryUrl } = options;
    const refusal = operatorFault(request.headers.authorization, adminToken);
    if (refusal) throw new ProblemError(refusal);
    const command = await readCommand(request, verb);
    const trace = { correlationId: correlationOf(response), traceparent: traceparentOf(request.headers) };
    response.set('Cache-Control', 'no-store');
    try {
      if (command.isDryRun) {
        response.status(200).json(await desk.plan(command, trace));
        return;
      }
      const { commandId, letters, position, isReplayed } = await countThrown(metrics, verb, () =>
        desk.order(command, trace),
      );
      metrics.adminCommands.inc({ command: verb, outcome: isReplayed ? 'accepted' : 'appended' });
      log.info(`${verb}: ${letters} letters`, {
        event: 'letter_command',
        command: verb,
        command_id: commandId,
        actor: command.actor,
        letters,
        correlation_id: trace.correlationId,
      });
      const status_url = `${queryUrl}/admin/redrives/${encodeURIComponent(commandId)}`;
      if (isReplayed) response.set('Idempotency-Replayed', 'true');
      response.status(202).set('Location', status_url).json({
        status: 'ACCEPTED',
        command_id: commandId,
        status_url,
        letters,
        correlation_id: trace.correlationId,
        position,
      });
    } catch (error) {
      throw isTrouble(error) ? new ProblemError(lettersUnavailable, error) : error;
    }
  };

/** `/commands/redrive` and `/commands/discard`: what operators do about dead letters. */
export const mountLetterRoutes = (app: Express, options: LetterRoutesOptions): void => {
  for (const verb of ['redrive', 'discard'] as const) {
    app
      .route(`/commands/${verb}`)
      .all(admitOrigin(options.consoleOrigin))
      .post(handler(options, verb))
      .all(onlyMethods('POST'));
  }
};
