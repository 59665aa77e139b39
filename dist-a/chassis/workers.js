"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.startWorkers = void 0;
const node_cluster_1 = __importDefault(require("node:cluster"));
const deadline_1 = require("./deadline");
const lifecycle_1 = require("./lifecycle");
const worker_metrics_1 = require("./worker-metrics");
/** From a worker's last release to its end. */
const exitMs = 1_000;
const restartBaseMs = 500;
const restartMaxMs = 10_000;
/** A worker that listened this long had started well: its end is not one more failure in a row. */
const settledMs = 30_000;
const ended = (worker) => worker.isDead() ? Promise.resolve() : new Promise((resolve) => worker.once('exit', () => resolve()));
const listens = (worker) => new Promise((resolve, reject) => {
    worker.once('listening', () => resolve());
    worker.once('exit', (code, signal) => reject(new Error(`a worker ended before it listened, with code ${code}, signal ${signal}`)));
});
/**
 * Runs this program `count` times more, all listening on one port: this process hands connections out in turns and
 * does nothing else. A worker that ends is replaced, with a growing pause, while the others go on. Must be called in
 * the first process; the workers start over at `main.ts` and find `cluster.isWorker` true.
 */
const startWorkers = ({ count, log, stopWithinMs, url }) => {
    const stopping = new AbortController();
    const isStopping = () => stopping.signal.aborted;
    const stopAnswering = (0, worker_metrics_1.answerMetricsRequests)();
    const keepOne = async (first) => {
        let failuresInRow = 0;
        for (let worker = first;; worker = node_cluster_1.default.fork()) {
            const startedAtMs = performance.now();
            await ended(worker);
            if (isStopping())
                return;
            failuresInRow = performance.now() - startedAtMs > settledMs ? 0 : failuresInRow + 1;
            log.error('a worker ended; another one takes its place', {
                event: 'worker_ended',
                pid: worker.process.pid,
                code: worker.process.exitCode,
                signal: worker.process.signalCode,
            });
            await (0, deadline_1.pause)(restartBaseMs + (0, deadline_1.backoffMs)(failuresInRow, restartBaseMs, restartMaxMs), stopping.signal);
            if (isStopping())
                return;
        }
    };
    const stop = async () => {
        stopping.abort();
        stopAnswering();
        const workers = Object.values(node_cluster_1.default.workers ?? {}).filter((worker) => worker !== undefined);
        for (const worker of workers)
            worker.process.kill('SIGTERM');
        await Promise.all(workers.map(ended));
    };
    return (0, lifecycle_1.assemble)(log, stopWithinMs + exitMs, async (releasers) => {
        const workers = Array.from({ length: count }, () => node_cluster_1.default.fork());
        releasers.add('workers', stop);
        await Promise.all(workers.map(listens));
        for (const worker of workers)
            void keepOne(worker);
        log.info(`${count} workers listen on ${url}`, { event: 'started', url, workers: count });
        return { url, stop: () => releasers.releaseAll() };
    });
};
exports.startWorkers = startWorkers;
//# sourceMappingURL=workers.js.map