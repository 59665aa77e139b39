import { writeSync } from 'node:fs';
import { ConfigError, type Environment } from './config';
import { withDeadline } from './deadline';
import { plainText, type Log } from './log';

/** A service that runs: what a composition root gives back, to `main.ts` and to tests alike. */
export interface Running {
  readonly url: string;
  /** Releases everything, newest first. Safe to call twice. */
  stop(): Promise<void>;
}

export type ReportFatal = (exitCode: number, reason: Error) => void;

/** What was acquired, to be released in reverse order, each with its share of the deadline. */
export class Releasers {
  private readonly entries: { readonly name: string; readonly release: () => Promise<void> | void }[] = [];
  private released: Promise<void> | undefined;

  private readonly log: Log;
  private readonly timeoutMs: number;

  constructor(log: Log, timeoutMs: number) {
    this.log = log;
    this.timeoutMs = timeoutMs;
  }

  /** @throws when everything was released meanwhile: whoever is building something goes no further. */
  add(name: string, release: () => Promise<void> | void): void {
    this.entries.push({ name, release });
    if (this.released) throw new Error(`stopped before ${name} was of use`);
  }

  /** Never rejects: what fails to close is logged, and the rest is closed all the same. */
  releaseAll(): Promise<void> {
    this.released ??= this.unwind();
    return this.released;
  }

  private async unwind(): Promise<void> {
    const endsAtMs = performance.now() + this.timeoutMs;
    for (const { name, release } of this.entries.reverse()) {
      const leftMs = Math.max(100, endsAtMs - performance.now());
      try {
        await withDeadline(Promise.resolve(release()), leftMs, `closing ${name}`);
      } catch (error) {
        this.log.warn(`${name} did not close cleanly`, { event: 'release_failed', error });
      }
    }
  }
}

/** Of what this process is building now; a signal does not wait for its end. */
const unfinished = new Set<Releasers>();

/**
 * Builds a service with a list of releasers: when a step of `build` fails, what the steps before it acquired is
 * released, and the error goes on.
 */
export const assemble = async <T>(
  log: Log,
  timeoutMs: number,
  build: (releasers: Releasers) => Promise<T>,
): Promise<T> => {
  const releasers = new Releasers(log, timeoutMs);
  unfinished.add(releasers);
  try {
    return await build(releasers);
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  } finally {
    unfinished.delete(releasers);
  }
};

/** The winston stream loses its queue on exit, so last words go to the file descriptor itself. */
const lastWords = (service: string, message: string, error?: unknown): void => {
  const detail = error instanceof Error ? error.stack : undefined;
  const line = {
    timestamp: new Date().toISOString(),
    level: 'error',
    service,
    event: 'exit',
    message: plainText(message),
    ...(detail === undefined ? {} : { detail: plainText(detail) }),
  };
  try {
    writeSync(2, `${JSON.stringify(line)}\n`);
  } catch {
    // Nobody reads (EPIPE, or EAGAIN when the pipe is full). The exit code still says why.
  }
};

/** sysexits(3): 78 configuration error. 70 and up from the Kafka consumer: see FatalExitCode. */
const exitConfig = 78;
const exitFailure = 1;

const explain = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Runs a service until SIGTERM or SIGINT, then stops it within its deadline and exits 0, also while it starts: a start
 * waits for whoever is away, and one that joined a group of slow members was told to stop and went on for 29 s.
 * Crash-only: a fatal report, an uncaught error or an unhandled rejection ends the process at once, because a
 * supervisor restarts it in a known state and every effect is repeatable.
 */
export const runMain = (
  service: string,
  environment: Environment,
  start: (environment: Environment, onFatal: ReportFatal) => Promise<Running>,
): void => {
  const die: ReportFatal = (exitCode, reason) => {
    lastWords(service, explain(reason), reason);
    process.exit(exitCode);
  };
  process.on('uncaughtException', (error) => die(exitFailure, error));
  // A log collector that has died (EPIPE) costs lines and no service; each later write fails the same way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('unhandledRejection', (reason) =>
    die(exitFailure, reason instanceof Error ? reason : new Error(String(reason))),
  );

  let running: Running | undefined;
  let stopping = false;
  const release = async (): Promise<void> => {
    if (running) await running.stop();
    else await Promise.all([...unfinished].map((releasers) => releasers.releaseAll()));
  };
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void release().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  // What it throws before its first wait is a reason like any other.
  const begin = async (): Promise<Running> => start(environment, die);
  begin().then(
    (started) => {
      running = started;
    },
    (error: unknown) => {
      // What is released under a start makes it fail.
      if (stopping) return;
      lastWords(service, explain(error), error instanceof ConfigError ? undefined : error);
      process.exit(error instanceof ConfigError ? exitConfig : exitFailure);
    },
  );
};
