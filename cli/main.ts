import type { Keyboard } from './commands/top';
import { exitCodes } from './exit';
import { runProgram } from './program';
import { findRoot } from './settings';
import { createTerminal } from './terminal';

// `flash-sale top --json | head` closes the pipe before everything is written; that is no fault.
process.stdout.on('error', () => process.exit(exitCodes.done));

const keyboard: Keyboard = {
  listen: (onKey, signal) => {
    const { stdin } = process;
    if (!stdin.isTTY) return;
    stdin.setRawMode(true).setEncoding('utf8').resume().on('data', onKey);
    signal.addEventListener('abort', () => {
      stdin.setRawMode(false).pause().off('data', onKey);
    });
  },
};

const interrupt = new AbortController();
const interrupted = (): void => {
  // Somebody who asks twice does not want to wait for an orderly end.
  if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
  interrupt.abort();
};
process.on('SIGINT', interrupted);
process.on('SIGTERM', interrupted);

const main = async (): Promise<void> => {
  const terminal = createTerminal(process.stdout, process.stderr, process.env['NO_COLOR']);
  try {
    await runProgram(
      {
        terminal,
        environment: process.env,
        root: findRoot(__dirname),
        keyboard,
        signal: interrupt.signal,
        end: (code) => {
          process.exitCode = code;
        },
      },
      process.argv.slice(2),
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = exitCodes.couldNot;
  }
};

void main();
