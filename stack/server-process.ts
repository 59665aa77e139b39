import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pause, withDeadline } from '../chassis/deadline';
import { tether } from './tether';

/** A server that runs and has answered its own protocol. */
export interface RunningServer {
  readonly name: string;
  /** What a client is given: `host:port` for Kafka, a URL for the others. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  /** Asks it to stop, waits, and kills it after 15 s. Safe to call twice. */
  stop(): Promise<void>;
  /** Sends a signal. Resolves when the process has ended, or at once for SIGSTOP and SIGCONT. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Lets it outlive this process; until then it ends with it, however that ends. */
  letGo(): void;
}

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  /** See ServerOptions. */
  readonly sharesSession?: boolean;
}

export interface Readiness {
  readonly url: string;
  readonly port: number;
  readonly timeoutMs: number;
  /** One round trip in the server's own protocol; a rejection means "not yet". */
  probe(): Promise<void>;
}

/** A server did not come up; the message ends with the last lines of its log. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  readonly server: string;
  constructor(server: string, why: string, logFile: string, options?: ErrorOptions) {
    super(`${server} ${why}. The end of ${logFile}:\n${logTail(logFile)}`, options);
    this.server = server;
  }
}

const tailLines = 15;

/** The last lines of a log, indented; a dash when there is none. */
export const logTail = (logFile: string, lines = tailLines): string => {
  try {
    const all = readFileSync(logFile, 'utf8').trimEnd().split('\n');
    return all
      .slice(-lines)
      .map((line) => `    ${line}`)
      .join('\n');
  } catch {
    return '    -';
  }
};

const stopTimeoutMs = 15_000;
const probeEveryMs = 60;

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const launch = (command: ServerCommand): ChildProcess => {
  mkdirSync(dirname(command.logFile), { recursive: true });
  const log = openSync(command.logFile, 'a');
  try {
    return spawn(command.command, command.args, {
      detached: command.sharesSession !== true,
      stdio: ['ignore', log, log],
      ...(command.env && { env: command.env }),
      ...(command.cwd !== undefined && { cwd: command.cwd }),
      ...(command.uid !== undefined && { uid: command.uid, gid: command.gid }),
    });
  } finally {
    closeSync(log);
  }
};

const untilAnswers = async (command: ServerCommand, child: ChildProcess, ready: Readiness): Promise<void> => {
  const endsAtMs = performance.now() + ready.timeoutMs;
  let last: unknown;
  while (performance.now() < endsAtMs) {
    if (ended(child)) {
      const how = child.signalCode ?? `code ${child.exitCode ?? '?'}`;
      throw new ServerStartError(command.name, `ended with ${how} while starting`, command.logFile);
    }
    try {
      await ready.probe();
      return;
    } catch (error) {
      last = error;
      await pause(probeEveryMs);
    }
  }
  throw new ServerStartError(
    command.name,
    `did not answer on port ${ready.port} within ${ready.timeoutMs} ms`,
    command.logFile,
    { cause: last },
  );
};

/**
 * Starts a server and waits until it answers.
 * @throws ServerStartError when it ends or stays silent; nothing of it runs then.
 */
export const startServer = async (command: ServerCommand, ready: Readiness): Promise<RunningServer> => {
  const child = launch(command);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const spawned = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new ServerStartError(command.name, `cannot be run (${cause.message})`, command.logFile, { cause }),
      ),
    );
  });
  await spawned;
  const pid = child.pid ?? 0;
  const letGo = tether(pid, command.stopSignal);
  child.unref();
  void exited.then(letGo);

  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
    await withDeadline(exited, stopTimeoutMs, `${command.name} after ${signal}`);
  };
  const stop = async (): Promise<void> => {
    if (ended(child)) return;
    child.kill('SIGCONT');
    await kill(command.stopSignal).catch(() => kill('SIGKILL'));
  };
  try {
    await untilAnswers(command, child, ready);
  } catch (error) {
    await stop();
    throw error;
  }
  const { name, logFile, stopSignal } = command;
  return { name, url: ready.url, port: ready.port, pid, logFile, stopSignal, stop, kill, letGo };
};
