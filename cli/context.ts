import type { Command } from 'commander';
import type { Api } from './api';
import type { ExitCode } from './exit';
import type { Settings } from './settings';
import type { Terminal } from './terminal';

/** What every command is given. */
export interface Context {
  readonly terminal: Terminal;
  readonly settings: Settings;
  readonly api: Api;
  /** For machines: JSON instead of tables. */
  readonly json: boolean;
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs a command's work with its context and ends the process with the code that it gives back. */
export type Run = (command: Command, work: (context: Context) => Promise<ExitCode>) => Promise<void>;

/** One command or a group of them, put into the program. */
export type AddCommand = (program: Command, run: Run) => void;
