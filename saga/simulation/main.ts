import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { runSeed } from './run-seed';

/**
 * Many seeded runs on all cores: `make simulate SEEDS=20000`. A failing seed is printed; `SEED=87 npx jest
 * saga/simulation --selectProjects unit` replays it.
 */
interface Share {
  readonly from: number;
  readonly to: number;
  readonly every: number;
}

/** Seeds between two words of a worker. */
const sayEvery = 100;

interface Said {
  readonly done: number;
  readonly bad: readonly string[];
}

const work = async ({ from, to, every }: Share): Promise<void> => {
  /** Thousands of simulated failures a second: their stacks would take most of the time. */
  Error.stackTraceLimit = 0;
  let bad: string[] = [];
  let done = 0;
  const say = (): void => {
    parentPort?.postMessage({ done, bad } satisfies Said);
    [done, bad] = [0, []];
  };
  for (let seed = from; seed <= to; seed += every) {
    const { violations } = await runSeed({ seed });
    if (violations.length > 0) bad.push(`SEED=${seed}: ${violations.join(', ')}`);
    done += 1;
    if (done === sayEvery) say();
  }
  say();
};

const startWorker = (share: Share, onSaid: (said: Said) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(__filename, { workerData: share });
    worker.on('message', onSaid);
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with code ${code}`));
    });
  });

const runAll = async (first: number, count: number): Promise<void> => {
  const startedAtMs = performance.now();
  const workers = availableParallelism();
  let done = 0;
  const bad: string[] = [];
  const onSaid = (said: Said): void => {
    const before = Math.floor((done * 10) / count);
    done += said.done;
    for (const line of said.bad) console.log(line);
    bad.push(...said.bad);
    if (Math.floor((done * 10) / count) > before) console.log(`${done} of ${count} seeds, ${bad.length} bad`);
  };
  await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      startWorker({ from: first + index, to: first + count - 1, every: workers }, onSaid),
    ),
  );
  const seconds = (performance.now() - startedAtMs) / 1000;
  console.log(`${done - bad.length} passed, ${bad.length} failed`);
  console.log(`${done} seeds from ${first} on in ${seconds.toFixed(0)} s on ${workers} threads`);
  if (bad.length > 0) process.exitCode = 1;
};

const main = (): Promise<void> =>
  isMainThread
    ? runAll(Number(process.argv[3] ?? '1'), Number(process.argv[2] ?? '20000'))
    : work(workerData as Share);

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
