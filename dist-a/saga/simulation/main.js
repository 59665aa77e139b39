"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_os_1 = require("node:os");
const node_worker_threads_1 = require("node:worker_threads");
const run_seed_1 = require("./run-seed");
/** Seeds between two words of a worker. */
const sayEvery = 100;
const work = async ({ from, to, every }) => {
    /** Thousands of simulated failures a second: their stacks would take most of the time. */
    Error.stackTraceLimit = 0;
    let bad = [];
    let done = 0;
    const say = () => {
        node_worker_threads_1.parentPort?.postMessage({ done, bad });
        [done, bad] = [0, []];
    };
    for (let seed = from; seed <= to; seed += every) {
        const { violations } = await (0, run_seed_1.runSeed)({ seed });
        if (violations.length > 0)
            bad.push(`SEED=${seed}: ${violations.join(', ')}`);
        done += 1;
        if (done === sayEvery)
            say();
    }
    say();
};
const startWorker = (share, onSaid) => new Promise((resolve, reject) => {
    const worker = new node_worker_threads_1.Worker(__filename, { workerData: share });
    worker.on('message', onSaid);
    worker.on('error', reject);
    worker.on('exit', (code) => {
        if (code === 0)
            resolve();
        else
            reject(new Error(`a worker ended with code ${code}`));
    });
});
const runAll = async (first, count) => {
    const startedAtMs = performance.now();
    const workers = (0, node_os_1.availableParallelism)();
    let done = 0;
    const bad = [];
    const onSaid = (said) => {
        const before = Math.floor((done * 10) / count);
        done += said.done;
        for (const line of said.bad)
            console.log(line);
        bad.push(...said.bad);
        if (Math.floor((done * 10) / count) > before)
            console.log(`${done} of ${count} seeds, ${bad.length} bad`);
    };
    await Promise.all(Array.from({ length: workers }, (_, index) => startWorker({ from: first + index, to: first + count - 1, every: workers }, onSaid)));
    const seconds = (performance.now() - startedAtMs) / 1000;
    console.log(`${done - bad.length} passed, ${bad.length} failed`);
    console.log(`${done} seeds from ${first} on in ${seconds.toFixed(0)} s on ${workers} threads`);
    if (bad.length > 0)
        process.exitCode = 1;
};
const main = () => node_worker_threads_1.isMainThread
    ? runAll(Number(process.argv[3] ?? '1'), Number(process.argv[2] ?? '20000'))
    : work(node_worker_threads_1.workerData);
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=main.js.map