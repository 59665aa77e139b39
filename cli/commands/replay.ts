import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Option, type Command } from 'commander';
import { runHere } from '../children';
import type { AddCommand, Context, Run } from '../context';
import { examples } from '../examples';
import { couldNot, exitCodes, type ExitCode } from '../exit';

/** The views that can be rebuilt. */
export const viewNames = ['orders', 'items', 'dead-letters'] as const;

/** The rebuild's own exit codes, in ours: refused, different and stalled are a no. */
const codes: Readonly<Record<number, ExitCode>> = {
  0: exitCodes.done,
  3: exitCodes.no,
  4: exitCodes.no,
  64: exitCodes.usage,
};

/** Runs a command of the projector's rebuild on this terminal. */
export const rebuild = async (
  { settings, signal }: Pick<Context, 'settings' | 'signal'>,
  args: readonly string[],
  isNotice = false,
): Promise<ExitCode> => {
  const program = join(settings.root, 'dist', 'projector', 'replay', 'main.js');
  if (!existsSync(program)) throw couldNot('The rebuild is not compiled yet. Compile it with: make build');
  const { root: cwd, environment } = settings;
  const code = await runHere(process.execPath, [program, ...args], { cwd, environment, signal, isNotice });
  return codes[code] ?? exitCodes.couldNot;
};

interface ReplayOptions {
  readonly acceptDiff?: boolean;
}

const descriptions = {
  run: 'Build a view anew beside the live one, compare both, and switch',
  start: 'Build a view anew beside the live one, or go on with that after an interruption',
  status: 'Show how far a rebuild is, and how far both views are behind the log',
  verify: 'Compare the built view with the live one at equal offsets',
  switch: 'Let readers see the built view; the former one is kept for a rollback',
  rollback: 'Let readers see the former view again',
  drop: 'Remove what stands beside the live view',
} as const;

type Name = keyof typeof descriptions;

const add = (replay: Command, run: Run, name: Name): void => {
  const command = replay
    .command(name)
    .description(descriptions[name])
    .addArgument(new Argument('<view>', 'which view').choices(viewNames));
  const accepts = name === 'run' || name === 'switch';
  if (accepts) command.addOption(new Option('--accept-diff', 'switch although the views differ'));
  if (name === 'run') {
    examples(command, [['flash-sale replay run orders', 'all of it; readers notice nothing']]);
  }
  command.action(async (view: string, options: ReplayOptions) =>
    run(command, (context) =>
      rebuild(context, [
        name,
        view,
        ...(options.acceptDiff === true ? ['--accept-diff'] : []),
        ...(name === 'status' && context.json ? ['--json'] : []),
      ]),
    ),
  );
};

/** `replay …`: a view from the log, without downtime. Needs Kafka and PostgreSQL, not the services. */
export const addReplay: AddCommand = (program, run) => {
  const replay = program
    .command('replay')
    .description('Rebuild a view from the log while the live one is read and written');
  examples(
    replay,
    [
      ['flash-sale replay run orders', 'start, verify and switch'],
      ['flash-sale replay status orders', 'how far it is, from another terminal'],
      ['flash-sale replay rollback orders', 'back to the former view'],
    ],
    [
      'Reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL. Ends with 1 when it is refused, when the views',
      'differ, or when a rebuild stands still.',
    ],
  );
  for (const name of Object.keys(descriptions) as readonly Name[]) add(replay, run, name);
};
