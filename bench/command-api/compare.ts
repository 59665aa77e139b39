import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pause } from '../../chassis/deadline';
import { freePort } from '../../stack/ports';
import { acceptingArgs } from '../../stack/services';
import { cpuSecondsOf } from '../cpu-seconds';
import type { LoadResult } from './load';
import { cpuOfStack, cpuTable, microsPerOrder, type CpuSeconds } from './processes';
import { lineOf, median } from './report';
import { stockItem } from './stock-item';
import { runWrk } from './wrk';

/**
 * Two builds of the command API turn by turn on the running stack, at one number of connections: what a change is worth.
 * The stack's own command API stands still meanwhile.
 * `node dist/bench/command-api/compare.js BEFORE_DIST AFTER_DIST [CONNECTIONS] [TURNS] [SECONDS]`
 */
const [beforeDist = '', afterDist = '', connections = '128', turns = '4', seconds = '4'] =
  process.argv.slice(2);
const startWithinMs = 30_000;

interface Build {
  readonly name: string;
  readonly url: string;
  readonly child: ChildProcess;
}

interface Measured {
  readonly build: string;
  readonly result: LoadResult;
  readonly micros: CpuSeconds;
}

const start = async (name: string, dist: string): Promise<Build> => {
  const port = await freePort();
  const environment = { ...process.env, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' };
  const main = join(resolve(dist), 'command-api', 'main.js');
  const child = spawn(process.execPath, [...acceptingArgs, main], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const endsAtMs = performance.now() + startWithinMs;
  while (performance.now() < endsAtMs) {
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.ok) return { name, url, child };
    await pause(100);
  }
  child.kill('SIGTERM');
  throw new Error(`${main} is not ready`);
};

/** Of all processes, with the measured build's as `command-api`; both builds are children of this process as wrk is. */
const cpuWith = ({ child }: Build, builds: readonly Build[]): CpuSeconds => {
  const stack = cpuOfStack();
  const ofBuilds = builds.reduce((sum, build) => sum + cpuSecondsOf(build.child.pid ?? 0), 0);
  const generator = (stack.get('generator') ?? 0) - ofBuilds;
  return new Map([...stack, ['command-api', cpuSecondsOf(child.pid ?? 0)], ['generator', generator]]);
};

const measure = async (build: Build, builds: readonly Build[], item: string): Promise<Measured> => {
  const before = cpuWith(build, builds);
  const prefix = `${item}-${randomUUID().slice(0, 8)}`;
  const load = { url: build.url, connections: Number(connections), durationMs: Number(seconds) * 1000 };
  const result = await runWrk({ ...load, prefix, item });
  return {
    build: build.name,
    result,
    micros: microsPerOrder(before, cpuWith(build, builds), result.accepted),
  };
};

const main = async (): Promise<void> => {
  const builds: Build[] = [];
  const item = `compare-${randomUUID().slice(0, 8)}`;
  const all: Measured[] = [];
  try {
    builds.push(await start('before', beforeDist));
    builds.push(await start('after', afterDist));
    await stockItem(builds[0]?.url ?? '', item);
    for (const build of builds) await measure(build, builds, item);
    for (let turn = 0; turn < Number(turns); turn += 1) {
      for (const build of turn % 2 === 0 ? builds : [...builds].reverse()) {
        const measured = await measure(build, builds, item);
        console.log(lineOf({ name: build.name, result: measured.result }));
        all.push(measured);
      }
    }
  } finally {
    for (const { child } of builds) child.kill('SIGTERM');
  }
  for (const { name } of builds) {
    const own = all.filter(({ build }) => build === name);
    const rate = median(own.map(({ result }) => result.accepted / result.seconds));
    const p99 = median(own.map(({ result }) => result.p99Ms));
    console.log(`${name}: median ${Math.round(rate)} accepted/s, p99 ${p99.toFixed(1)} ms`);
    console.log(cpuTable(own.map(({ result, micros }) => ({ connections: result.connections, micros }))));
  }
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
