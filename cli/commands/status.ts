import { examples } from '../examples';
import type { AddCommand } from '../context';
import { couldNot, exitCodes } from '../exit';
import { readStatus } from '../status/read-status';
import { statusLines } from '../status/status-lines';

/** `status`: is it up, what does it not reach, and where does work wait? */
export const addStatus: AddCommand = (program, run) => {
  const command = program
    .command('status')
    .description(
      'Show the processes, what they do not reach, lag, breaker, dead letters and the epoch of the stock',
    );
  examples(
    command,
    [
      ['flash-sale status', 'one look at everything'],
      ['flash-sale status --json | jq .figures', 'the figures, for a script'],
    ],
    ['Ends with 1 when a process is down or does not answer, and with 2 when none answers.'],
  );
  command.action(async () =>
    run(command, async ({ api, settings, terminal, json }) => {
      const status = await readStatus(api, settings.addresses);
      if (json) terminal.json(status);
      else terminal.lines(statusLines(status, terminal.paint));
      if (status.processes.every(({ state }) => state === 'silent')) {
        throw couldNot('No process answers. Is it up? make ps');
      }
      return status.is_well ? exitCodes.done : exitCodes.no;
    }),
  );
};
