import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { actorOf, type ActorOptions } from '../actor';
import type { Context, Run } from '../context';
import { examples, type Example } from '../examples';
import { exitCodes, wrongUsage, type ExitCode } from '../exit';
import { commandPath, followCommand } from '../letters/follow-command';
import { commandLines, planLines } from '../letters/letter-lines';
import type { LetterCommand, LetterPlan, LettersAccepted } from '../letters/letters';
import { filterOf, withFilter, type FilterOptions } from '../letters/letter-filter';
import { wholeNumber } from './stock';

interface LetterOptions extends FilterOptions, ActorOptions {
  readonly plan?: string;
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly rate?: number;
  readonly limit?: number;
  readonly note?: string;
  readonly commandId?: string;
  readonly wait: boolean;
}

/** Exactly one way to say which letters, so that nobody redrives more than was meant. */
const selectionOf = (ids: readonly string[], options: LetterOptions): Readonly<Record<string, unknown>> => {
  const filter = filterOf(options);
  const given = [
    ...(ids.length > 0 ? [{ ids }] : []),
    ...(options.plan === undefined ? [] : [{ plan_id: options.plan }]),
    ...(Object.keys(filter).length > 0 ? [{ filter }] : []),
    ...(options.all ? [{ filter: {} }] : []),
  ];
  const [selection] = given;
  if (selection === undefined || given.length > 1) {
    throw wrongUsage(
      'Say which letters in exactly one way: ids, --plan, a filter such as --reason, or --all.',
    );
  }
  return selection;
};

const acceptedLines = ({ command_id, letters }: LettersAccepted): readonly string[] => [
  `accepted: ${letters} letters (command ${command_id})`,
  `How far it is: flash-sale dlq progress ${command_id}`,
];

const send = async (
  context: Context,
  verb: 'redrive' | 'discard',
  ids: readonly string[],
  options: LetterOptions,
): Promise<ExitCode> => {
  const commandId = options.commandId ?? randomUUID();
  const answer = await context.api.command('commandApi', `/commands/${verb}`, {
    command_id: commandId,
    ...selectionOf(ids, options),
    ...(options.dryRun ? { dry_run: true } : {}),
    ...(options.rate === undefined ? {} : { rate: options.rate }),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(options.note === undefined ? {} : { note: options.note }),
    actor: actorOf(options),
  });
  const { terminal, json } = context;
  if (options.dryRun) {
    if (json) terminal.json(answer);
    else terminal.lines(planLines(answer as LetterPlan, verb, terminal.paint));
    return exitCodes.done;
  }
  if (!options.wait) {
    if (json) terminal.json(answer);
    else terminal.lines(acceptedLines(answer as LettersAccepted));
    return exitCodes.done;
  }
  const command = await followCommand(context, commandId);
  if (json) terminal.json(command);
  else terminal.lines(commandLines(command));
  return exitCodes.done;
};

const add = (dlq: Command, run: Run, verb: 'redrive' | 'discard', lines: readonly Example[]): void => {
  const description =
    verb === 'redrive'
      ? 'Process letters again; one that fails again is parked again and never tried by itself'
      : 'Put letters aside, with a note that stands in the log';
  const command = withFilter(dlq.command(verb).description(description).argument('[ids...]'))
    .option('--plan <id>', 'exactly those that a dry run listed')
    .option('--all', 'every open letter', false)
    .option('--dry-run', 'freeze the list and say what would become of each, and do nothing', false)
    .option('--rate <count>', 'letters a second', wholeNumber)
    .option('--limit <count>', 'letters at most', wholeNumber)
    .option('--note <text>', 'why; discard needs it')
    .option('--actor <name>', 'who orders it; it stands in the log (default: your login name)')
    .option('--command-id <id>', 'given again, the command is carried out once (default: a new one)')
    .option('--no-wait', 'end as soon as the command is accepted');
  examples(command, lines);
  command.action(async (ids: readonly string[], options: LetterOptions) =>
    run(command, (context) => send(context, verb, ids, options)),
  );
};

const addProgress = (dlq: Command, run: Run): void => {
  const command = dlq
    .command('progress <command-id>')
    .description('Show how far a redrive or discard has come');
  command.action(async (commandId: string) =>
    run(command, async ({ api, terminal, json }) => {
      const found = (await api.get('queryApi', commandPath(commandId))) as LetterCommand;
      if (json) terminal.json(found);
      else terminal.lines(commandLines(found));
      return exitCodes.done;
    }),
  );
};

export const addLetterCommands = (dlq: Command, run: Run): void => {
  add(dlq, run, 'redrive', [
    ['flash-sale dlq redrive --group 5f3a --dry-run', 'what would happen; names a plan'],
    ['flash-sale dlq redrive --plan 9c1e --rate 500', 'exactly that list, 500 a second'],
    ['flash-sale dlq redrive order-requests:3:120', 'one letter'],
  ]);
  add(dlq, run, 'discard', [['flash-sale dlq discard --group 5f3a --note "test traffic"', 'a whole group']]);
  addProgress(dlq, run);
};
