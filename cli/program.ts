import { Command, CommanderError, Option } from 'commander';
import { createApi } from './api';
import { addDlq } from './commands/dlq';
import { addOrder } from './commands/order';
import { addOrders } from './commands/orders';
import { addReconcile } from './commands/reconcile';
import { addReplay } from './commands/replay';
import { addSale } from './commands/sale';
import { addStatus } from './commands/status';
import { addStock } from './commands/stock';
import { addTop, type Keyboard } from './commands/top';
import type { Context, Run } from './context';
import { examples } from './examples';
import { CommandEnd, exitCodes, type ExitCode } from './exit';
import { readSettings, type AddressOptions, type Environment } from './settings';
import type { Terminal } from './terminal';

export interface ProgramParts {
  readonly terminal: Terminal;
  readonly environment: Environment;
  /** The folder that holds dist/ and reconcile/. */
  readonly root: string;
  readonly keyboard: Keyboard;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly end: (code: ExitCode) => void;
}

interface GlobalOptions extends AddressOptions {
  readonly json?: boolean;
}

const contextOf = (parts: ProgramParts, options: GlobalOptions): Context => {
  const settings = readSettings(options, parts.environment, parts.root);
  const { terminal, signal } = parts;
  return { terminal, settings, api: createApi(settings), json: options.json === true, signal };
};

const runIn =
  (parts: ProgramParts): Run =>
  async (command, work) =>
    parts.end(await work(contextOf(parts, command.optsWithGlobals())));

const notes = [
  `Exit codes: ${exitCodes.done} done, or the answer is yes; ${exitCodes.no} the answer is no (not found, refused, differences, not well);`,
  `${exitCodes.couldNot} it could not be done or told; ${exitCodes.usage} wrong usage; ${exitCodes.interrupted} interrupted.`,
  '',
  'Addresses come from options, else from COMMAND_API_URL, QUERY_API_URL, SAGA_URL and PROJECTOR_URL, else from what',
  '`make up` of this checkout wrote, else from the usual ports of this machine. The operators’ token comes from',
  'ADMIN_TOKEN or from a file, and never from an option: arguments are seen by every user of the machine.',
  'Colours are off with NO_COLOR, and where the output is no terminal.',
].join('\n');

/** Every command of `flash-sale`, ready to parse. Nothing is asked before an action runs. */
export const createProgram = (parts: ProgramParts): Command => {
  const { out, err } = parts.terminal;
  const program = new Command('flash-sale')
    .description('Look at a sale, control it and repair it, from one place.')
    .addOption(new Option('--json', 'JSON for machines instead of tables'))
    .option('--command-api <url>', 'where the command API is')
    .option('--query-api <url>', 'where the query API is')
    .option('--saga <url>', 'where the saga is')
    .option('--projector <url>', 'where the projector is')
    .option('--token-file <path>', 'a file that holds the operators’ token')
    .configureOutput({
      writeOut: (text) => void out.write(text),
      writeErr: (text) => void err.write(text),
      getOutHelpWidth: () => 110,
      getErrHelpWidth: () => 110,
    })
    .configureHelp({ showGlobalOptions: false })
    .helpCommand(false)
    .exitOverride();
  examples(
    program,
    [
      ['flash-sale status', 'is it up, and where does work wait?'],
      ['flash-sale top', 'watch the sale'],
      ['flash-sale order 7b4f', 'what became of an order'],
    ],
    [notes],
  );
  const run = runIn(parts);
  for (const add of [
    addStatus,
    addTop(parts.keyboard),
    addOrder,
    addOrders,
    addDlq,
    addStock,
    addSale,
    addReconcile,
    addReplay,
  ])
    add(program, run);
  return program;
};

/** Runs what was typed. Never rejects for a reason that a message can tell. */
export const runProgram = async (parts: ProgramParts, argv: readonly string[]): Promise<void> => {
  try {
    await createProgram(parts).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      parts.end(error.exitCode === 0 ? exitCodes.done : exitCodes.usage);
      return;
    }
    if (parts.signal.aborted) {
      parts.end(exitCodes.interrupted);
      return;
    }
    if (!(error instanceof CommandEnd)) throw error;
    parts.terminal.err.write(`${error.message}\n`);
    parts.end(error.code);
  }
};
