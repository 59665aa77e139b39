import { refusal, type Api } from '../api';
import type { Context } from '../context';
import { couldNot } from '../exit';
import { pause } from '../pause';
import { createProgress } from '../terminal';
import { progressText } from './letter-lines';
import type { LetterCommand } from './letters';

interface Times {
  readonly pollMs: number;
  /** How long a command may be in the log and not in the view: the projector can be behind. */
  readonly unseenMs: number;
}

const usualTimes: Times = { pollMs: 1_000, unseenMs: 60_000 };

export const commandPath = (commandId: string): string => `/admin/redrives/${encodeURIComponent(commandId)}`;

/** `undefined` while the view does not know it. @throws CommandEnd for any other refusal. */
const look = async (api: Api, commandId: string): Promise<LetterCommand | undefined> => {
  const answer = await api.call('queryApi', commandPath(commandId));
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusal(answer);
  return answer.body as LetterCommand;
};

/** Shows how far a command is that was answered 202, until it is done. @throws CommandEnd (could not). */
export const followCommand = async (
  context: Pick<Context, 'api' | 'signal'> & { readonly terminal: Pick<Context['terminal'], 'err'> },
  commandId: string,
  { pollMs, unseenMs }: Times = usualTimes,
): Promise<LetterCommand> => {
  const progress = createProgress(context.terminal.err);
  const later = `flash-sale dlq progress ${commandId}`;
  const endsAtMs = performance.now() + unseenMs;
  try {
    for (;;) {
      const command = await look(context.api, commandId);
      progress.show(command ? progressText(command) : 'accepted; the views do not show it yet');
      if (command?.state === 'DONE') return command;
      if (!command && performance.now() > endsAtMs)
        throw couldNot(`It is accepted, and the views do not show it after ${unseenMs / 1000} s: ${later}`);
      await pause(pollMs, context.signal);
      if (context.signal.aborted) throw couldNot(`It goes on without you: ${later}`);
    }
  } finally {
    progress.end();
  }
};
