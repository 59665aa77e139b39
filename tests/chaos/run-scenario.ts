import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../chassis/deadline';
import { startAuditSampler } from './audit-sampler';
import { createBuyers } from './buyers';
import { always, coolDown, isBack, never, warmUp } from './cool-down';
import { startChaosSystem, twoOfEach, type ChaosSystem, type Role, type ServiceRole } from './chaos-system';
import { commitOf } from './commit';
import { createExitAllowance } from './exits';
import { createHistory, type History } from './history';
import { plotRun } from './plot';
import { createRandom, type Random } from './random';
import { startResourceSampler } from './resource-sampler';
import { createRunFolder, type RunFolder } from './run-folder';
import type { Scenario, Stage } from './scenario';
import { settle, type Settled } from './settle';
import { createShop } from './shop';
import { createTimeline, type Timeline } from './timeline';
import { collect, judge, type Judged, type Verdict } from './verdict';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Where the run's folder is made. */
  readonly folder: string;
  /** Of the project: holds dist/ and tests/checker/. */
  readonly root: string;
  readonly print: (line: string) => void;
  readonly ordersPerSecond?: number;
  /** A service with a known fault in place of the real one; see planted/bugs.ts. */
  readonly planted?: { readonly name: string; readonly role: ServiceRole };
}

export interface RunResult {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly commit: string;
  readonly ordersPerSecond: number;
  readonly folder: string;
  readonly verdict: Verdict;
  readonly text: string;
  readonly settled: Settled;
  readonly tookMs: number;
}

const ordersPerSecondDefault = 150;
const warmUpDefaultMs = 5_000;
const coolDownDefaultMs = 8_000;
const settleDefaultMs = 60_000;
/** For stock: how long a scenario acts is not known before. */
const actExpectedMs = 20_000;
const recordTtlDefaultMs = 48 * 3_600_000;

/** Orders a second. */
export const paceOf = ({
  ordersPerSecond,
  scenario,
}: Pick<RunOptions, 'ordersPerSecond' | 'scenario'>): number =>
  ordersPerSecond ?? scenario.ordersPerSecond ?? ordersPerSecondDefault;

/** How to see the same faults again. */
export const replayOf = (
  { id, seconds }: Pick<Scenario, 'id' | 'seconds'>,
  seed: string,
  ordersPerSecond: number,
): string => {
  const lasting = seconds === undefined ? '' : ` MINUTES=${seconds / 60}`;
  return `make chaos SCENARIO=${id} SEED=${seed} RATE=${ordersPerSecond}${lasting}`;
};

const describe = (options: RunOptions): Readonly<Record<string, unknown>> => ({
  scenario: options.scenario.id,
  seed: options.seed,
  commit: commitOf(options.root),
  node: process.version,
  started_at: Date.now(),
  orders_per_second: paceOf(options),
  record_ttl_ms: options.scenario.recordTtlMs ?? recordTtlDefaultMs,
  replay: replayOf(options.scenario, options.seed, paceOf(options)),
  ...(options.scenario.decidedP99Ms === undefined ? {} : { decided_p99_ms: options.scenario.decidedP99Ms }),
});

interface Scene {
  readonly options: RunOptions;
  readonly system: ChaosSystem;
  readonly folder: RunFolder;
  readonly history: History;
  readonly timeline: Timeline;
  readonly random: Random;
}

/** Buys, breaks, heals and buys on. */
const perform = async ({ options, system, folder, history, timeline, random }: Scene): Promise<void> => {
  const { scenario, print } = options;
  const ordersPerSecond = paceOf(options);
  const warmUpMs = scenario.warmUpMs ?? warmUpDefaultMs;
  const coolDownMs = scenario.coolDownMs ?? coolDownDefaultMs;
  const prefix = scenario.id.toLowerCase().replaceAll('+', '-');
  const ordersExpected = (ordersPerSecond * (warmUpMs + actExpectedMs + coolDownMs)) / 1000;
  const shop = createShop({ system, history, random: random.fork('shop'), prefix, ordersExpected });
  const buyers = createBuyers({
    history,
    random: random.fork('buyers'),
    ordersPerSecond,
    items: shop.items,
    commands: () => system.instances('command-api'),
    queries: () => system.instances('query-api'),
    prefix,
  });
  const stage: Stage = {
    system,
    timeline,
    random: random.fork('nemesis'),
    buyers,
    shop,
    history,
    wait: pause,
  };
  const stopResources = startResourceSampler(() => system.all(), folder);
  const sampler = startAuditSampler(system.direct.REDIS_URL, system.saleId, folder);
  await shop.open();
  buyers.start();
  shop.restock();
  try {
    await warmUp(warmUpMs, scenario.coolsDownEarly === true ? isBack(history, ordersPerSecond) : always);
    await scenario.act(stage);
    await coolDown(coolDownMs, scenario.coolsDownEarly === true ? isBack(history, ordersPerSecond) : never);
  } finally {
    await Promise.all([buyers.stop(), shop.close()]);
    await sampler.stop();
    stopResources();
  }
  print(`  ${buyers.ordersPlaced} orders; ${JSON.stringify(history.counts())}`);
};

/** A planted bug stands in for the service's own test entry point. */
const entriesOf = ({ scenario, root, planted }: RunOptions): Partial<Record<Role, string>> => {
  const folder = join(root, 'dist', 'tests', 'chaos');
  const entries: Partial<Record<Role, string>> = {};
  for (const role of scenario.failpoints ?? []) entries[role] = join(folder, 'processes', `${role}.js`);
  if (planted) entries[planted.role] = join(folder, 'planted', `${planted.name}.js`);
  return entries;
};

const startSystem = (options: RunOptions, folder: RunFolder, random: Random): Promise<ChaosSystem> => {
  const { scenario, root } = options;
  const isAllowed = createExitAllowance(scenario.mayExitWith ?? []);
  const { recordTtlMs } = scenario;
  const memory =
    recordTtlMs === undefined ? {} : { RECORD_TTL: `${recordTtlMs}ms`, HORIZON: `${recordTtlMs / 2}ms` };
  return startChaosSystem({
    folder: folder.path,
    dist: join(root, 'dist'),
    counts: { ...twoOfEach, ...scenario.counts },
    environment: { ...memory, ...scenario.environment },
    random: random.fork('system'),
    ...(scenario.kafkaSettings ? { kafkaSettings: scenario.kafkaSettings } : {}),
    brokersCount: scenario.brokersCount,
    ...(scenario.diskMb ? { diskMb: scenario.diskMb } : {}),
    ...(scenario.redisArgs ? { redisArgs: scenario.redisArgs } : {}),
    entries: entriesOf(options),
    onExit: (exit) => {
      const planned = exit.planned || isAllowed(exit.process, exit.code, performance.now());
      folder.append('exits', { at: Date.now(), ...exit, planned });
      if (!exit.planned) options.print(`  ${exit.process} ended with ${exit.code ?? exit.signal ?? '?'}`);
    },
  });
};

/** What each process counted, for whoever looks for the reason of a verdict. */
const saveMetrics = async (system: ChaosSystem, folder: RunFolder): Promise<void> => {
  for (const { name, url } of system.all()) {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(3_000) }).catch(
      () => undefined,
    );
    if (answer?.ok) folder.write(`${name}.metrics.txt`, (await answer.text()).split('\n'));
  }
};

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

/** One scenario on a system of its own, to its verdict. Everything that was started is stopped. */
export const runScenario = async (options: RunOptions): Promise<RunResult> => {
  const { scenario, seed, root, print } = options;
  const startedAtMs = performance.now();
  const random = createRandom(seed);
  const name = [scenario.id, seed, ...(options.planted ? [options.planted.name] : [])].join('-');
  const folder = createRunFolder(join(options.folder, name));
  folder.write('run.json', describe(options));
  print(`${scenario.id} ${scenario.title}`);
  print(`  seed ${seed}, ${folder.path}`);
  const system = await startSystem(options, folder, random);
  const checker = join(root, 'tests', 'checker');
  print(`  ready after ${seconds(performance.now() - startedAtMs)}`);
  let settled: Settled;
  let judged: Promise<Judged>;
  try {
    const timeline = createTimeline(folder, print);
    const history = createHistory(folder);
    timeline.note('all processes are ready');
    await perform({ options, system, folder, history, timeline, random });
    await system.ready();
    settled = await settle(system, scenario.settleMs ?? settleDefaultMs);
    const left = settled.isSettled
      ? ''
      : `: ${settled.pending} orders pending, ${settled.behind} records behind`;
    timeline.note(
      `${settled.isSettled ? 'at rest' : 'no rest'} after ${Math.round(settled.tookMs)} ms${left}`,
    );
    await saveMetrics(system, folder);
    await collect(checker, system, folder);
    await system.halt();
    await folder.close();
    // Meanwhile the servers end, whose data nobody wants any more.
    judged = judge(checker, folder.path);
  } finally {
    await system.stop();
    await folder.close();
  }
  const { verdict, text } = await judged;
  writeFileSync(join(folder.path, 'verdict.txt'), text);
  writeFileSync(join(folder.path, 'plot.svg'), plotRun(folder.path));
  const tookMs = performance.now() - startedAtMs;
  const ran = { scenario, seed, commit: commitOf(root), ordersPerSecond: paceOf(options) };
  return { ...ran, folder: folder.path, verdict, text, settled, tookMs };
};
