import cluster, { type Worker } from 'node:cluster';
import { backoffMs, pause } from './deadline';
import { assemble, type Running } from './lifecycle';
import type { Log } from './log';
import { answerMetricsRequests } from './worker-metrics';

export interface WorkersOptions {
  readonly count: number;
  readonly log: Log;
  /** How long a worker may take to stop. */
  readonly stopWithinMs: number;
  /** What is told when all of them listen; the workers know their port themselves. */
  readonly url: string;
}

/** From a worker's last release to its end. */
const exitMs = 1_000;
const restartBaseMs = 500;
const restartMaxMs = 10_000;
/** A worker that listened this long had started well: its end is not one more failure in a row. */
const settledMs = 30_000;

const ended = (worker: Worker): Promise<void> =>
  worker.isDead() ? Promise.resolve() : new Promise((resolve) => worker.once('exit', () => resolve()));

const listens = (worker: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.once('listening', () => resolve());
    worker.once('exit', (code, signal) =>
      reject(new Error(`a worker ended before it listened, with code ${code}, signal ${signal}`)),
    );
  });

/**
 * Runs this program `count` times more, all listening on one port: this process hands connections out in turns and
 * does nothing else. A worker that ends is replaced, with a growing pause, while the others go on. Must be called in
 * the first process; the workers start over at `main.ts` and find `cluster.isWorker` true.
 */
export const startWorkers = ({ count, log, stopWithinMs, url }: WorkersOptions): Promise<Running> => {
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const stopAnswering = answerMetricsRequests();

  const keepOne = async (first: Worker): Promise<void> => {
    let failuresInRow = 0;
    for (let worker = first; ; worker = cluster.fork()) {
      const startedAtMs = performance.now();
      await ended(worker);
      if (isStopping()) return;
      failuresInRow = performance.now() - startedAtMs > settledMs ? 0 : failuresInRow + 1;
      log.error('a worker ended; another one takes its place', {
        event: 'worker_ended',
        pid: worker.process.pid,
        code: worker.process.exitCode,
        signal: worker.process.signalCode,
      });
      await pause(restartBaseMs + backoffMs(failuresInRow, restartBaseMs, restartMaxMs), stopping.signal);
      if (isStopping()) return;
    }
  };
  const stop = async (): Promise<void> => {
    stopping.abort();
    stopAnswering();
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    for (const worker of workers) worker.process.kill('SIGTERM');
    await Promise.all(workers.map(ended));
  };

  return assemble(log, stopWithinMs + exitMs, async (releasers) => {
    const workers = Array.from({ length: count }, () => cluster.fork());
    releasers.add('workers', stop);
    await Promise.all(workers.map(listens));
    for (const worker of workers) void keepOne(worker);
    log.info(`${count} workers listen on ${url}`, { event: 'started', url, workers: count });
    return { url, stop: () => releasers.releaseAll() };
  });
};
