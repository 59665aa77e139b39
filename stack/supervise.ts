import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../chassis/deadline';
import type { Report } from './maven';
import { identify } from './process-identity';
import { removeRecord, writeRecord } from './run-records';
import type { ServiceCommand } from './services';

export interface SupervisorOptions {
  readonly runDir: string;
  readonly logDir: string;
  /** What the services inherit. */
  readonly environment: NodeJS.ProcessEnv;
  /** How long a service may take to stop before it is killed. */
  readonly stopTimeoutMs: number;
  readonly report: Report;
}

/** sysexits(3): a bad environment stays bad, so the service is not started again. */
const exitConfig = 78;
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** A service that ran this long had started well: its next end is a new story. */
const settledMs = 30_000;

/** How long to wait before the n-th start in a row: 0.5, 1, 2, 4, 8, 10, 10 … seconds. */
export const restartPauseMs = (failuresInRow: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failuresInRow, 10));

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const endOf = (child: ChildProcess): Promise<Ending> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });

/** `nice` and `chrt` become the process they start, so that every thread of it steps back, and its id stays. */
const commandOf = ({ niceness, args }: ServiceCommand): readonly [string, readonly string[]] => {
  if (niceness === 0) return [process.execPath, args];
  const node = [process.execPath, ...args];
  return niceness === 'idle'
    ? ['chrt', ['--idle', '0', ...node]]
    : ['nice', ['-n', String(niceness), ...node]];
};

const spawnLogged = (service: ServiceCommand, logFile: string, options: SupervisorOptions): ChildProcess => {
  const log = openSync(logFile, 'a');
  try {
    const [command, args] = commandOf(service);
    return spawn(command, args, {
      env: { ...options.environment, ...service.environment },
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
};

/** One service, started again whenever it ends, until `stop`. */
class Supervised {
  private child: ChildProcess | undefined;
  private readonly stopping = new AbortController();
  private readonly finished: Promise<void>;
  private readonly service: ServiceCommand;
  private readonly options: SupervisorOptions;
  private readonly logFile: string;

  constructor(service: ServiceCommand, options: SupervisorOptions) {
    this.service = service;
    this.options = options;
    this.logFile = join(options.logDir, `${service.name}.log`);
    this.finished = this.keepRunning();
  }

  /** Resolves when the service has ended, at the latest a moment after its deadline. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.child?.kill('SIGTERM');
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), this.options.stopTimeoutMs);
    await this.finished;
    clearTimeout(timer);
    removeRecord(this.options.runDir, this.service.name);
    this.options.report(`${this.service.name} stopped`);
  }

  private stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async keepRunning(): Promise<void> {
    let failuresInRow = 0;
    for (let restarts = 0; !this.stopped(); restarts += 1) {
      const startedAtMs = performance.now();
      const ending = await this.runOnce(restarts);
      if (this.stopped()) return;
      const how = ending.signal ?? `code ${ending.code ?? '?'}`;
      if (ending.code === exitConfig) {
        this.options.report(`${this.service.name} ended with ${how}: its settings are wrong, it stays down`);
        return;
      }
      failuresInRow = performance.now() - startedAtMs > settledMs ? 0 : failuresInRow + 1;
      const pauseMs = restartPauseMs(failuresInRow - 1);
      this.options.report(`${this.service.name} ended with ${how}; starting it again in ${pauseMs} ms`);
      await pause(pauseMs, this.stopping.signal);
    }
  }

  private async runOnce(restarts: number): Promise<Ending> {
    const child = spawnLogged(this.service, this.logFile, this.options);
    this.child = child;
    const ending = endOf(child);
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) {
      writeRecord(this.options.runDir, {
        ...identity,
        name: this.service.name,
        role: 'service',
        port: this.service.port,
        logFile: this.logFile,
        stopSignal: 'SIGTERM',
        stopTimeoutMs: this.options.stopTimeoutMs,
        sinceMs: Date.now(),
        restarts,
      });
    }
    return ending;
  }
}

export interface Supervisor {
  /** Stops all, last started first. */
  stop(): Promise<void>;
}

/** Keeps services running: they are crash-only, and end with codes 70 to 72 to be started again in a known state. */
export const supervise = (services: readonly ServiceCommand[], options: SupervisorOptions): Supervisor => {
  mkdirSync(options.logDir, { recursive: true });
  const running = services.map((service) => new Supervised(service, options));
  return {
    async stop() {
      for (const one of [...running].reverse()) await one.stop();
    },
  };
};
