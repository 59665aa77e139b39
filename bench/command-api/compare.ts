import { randomUUID } from 'node:crypto';
import type { LoadResult } from './load';
import { startOwnApi, type OwnApi } from './own-api';
import { cpuOfStackWith, cpuTable, microsPerOrder, type CpuSeconds } from './processes';
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

interface Build extends OwnApi {
  readonly name: string;
}

interface Measured {
  readonly build: string;
  readonly result: LoadResult;
  readonly micros: CpuSeconds;
}

const start = async (name: string, dist: string): Promise<Build> => ({ name, ...(await startOwnApi(dist)) });

const measure = async (build: Build, item: string): Promise<Measured> => {
  const pid = build.child.pid ?? 0;
  const before = cpuOfStackWith(pid);
  const prefix = `${item}-${randomUUID().slice(0, 8)}`;
  const load = { url: build.url, connections: Number(connections), durationMs: Number(seconds) * 1000 };
  const result = await runWrk({ ...load, prefix, item });
  return { build: build.name, result, micros: microsPerOrder(before, cpuOfStackWith(pid), result.accepted) };
};

const main = async (): Promise<void> => {
  const builds: Build[] = [];
  const item = `compare-${randomUUID().slice(0, 8)}`;
  const all: Measured[] = [];
  try {
    builds.push(await start('before', beforeDist));
    builds.push(await start('after', afterDist));
    await stockItem(builds[0]?.url ?? '', item);
    for (const build of builds) await measure(build, item);
    for (let turn = 0; turn < Number(turns); turn += 1) {
      for (const build of turn % 2 === 0 ? builds : [...builds].reverse()) {
        const measured = await measure(build, item);
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
