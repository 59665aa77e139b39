import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { partitionOf } from '../../chassis/kafka/partitioner';
import { pause } from '../../chassis/deadline';
import { silentLog } from '../../chassis/log';
import { createStockConnector } from '../../saga/stock/connect-stock';
import { eventIdOf } from '../../schemas/event-id';
import type { OrderOutcome } from '../../schemas/events';
import { toRecord } from '../../schemas/new-record';
import { topics } from '../../schemas/topics';
import { exchange } from '../../stack/exchange';
import { produceAll } from './backlog';
import { measureOutcomeIndex } from './outcome-index';
import { cpuMsOf, saleId, startSaga } from './saga-process';
import { partitions, startBenchServers, type BenchServers } from './servers';

/**
 * How fast a saga rebuilds an emptied Redis from the log: a log of so many outcomes, then FLUSHALL under a saga that has
 * nothing else to do, `rounds` times; the first rebuild of a fresh process is told apart. Before that: how fast a process
 * learns where the outcomes are. Servers of its own, on the same
 * cores. BENCH_BESIDE names the dist folder of another build, which then takes turns with this one.
 * Usage: node …/rebuild.js [outcomes] [rounds] [arguments for the saga's node]
 */
const outcomes = Number(process.argv[2] ?? '1000000');
const rounds = Number(process.argv[3] ?? '3');
const nodeArgs = process.argv.slice(4);
const items = 1_000;
const buyers = 50_000;

/** Three of four are sold, to buyers who come back. */
const outcomeAt = (index: number): OrderOutcome => {
  const order = {
    request_id: `order-${index.toString(36)}-${((index * 2_654_435_761) % 4_294_967_296).toString(16)}`,
    user_id: `user-${index % buyers}`,
    item_id: `item-${index % items}`,
    amount: 1,
    epoch: 0,
  };
  return index % 4 === 0
    ? { type: 'OrderFailed', ...order, reason: 'SOLD_OUT', failed_at: Date.now(), detail: null }
    : { type: 'OrderCompleted', ...order, payment_id: randomUUID(), completed_at: Date.now() };
};

const writeLog = ({ producer, codec }: BenchServers): Promise<void> =>
  produceAll(producer, outcomes, (index) => {
    const event = outcomeAt(index);
    const id = eventIdOf(event);
    const partition = partitionOf(event.request_id, partitions);
    const metadata = { event_id: id, correlation_id: id, causation_id: id, source: 'bench' };
    return toRecord(codec, { topic: topics.orderOutcomes.name, partition }, event, metadata);
  });

interface Opened {
  readonly duration_ms: number;
  readonly read: number;
}

const logOf = ({ folder }: BenchServers): string => {
  const file = join(folder, 'saga.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

const openedIn = (servers: BenchServers): readonly Opened[] =>
  logOf(servers)
    .split('\n')
    .filter((line) => line.includes('"epoch_opened"'))
    .map((line) => JSON.parse(line) as Opened);

const untilOpened = async (servers: BenchServers, count: number): Promise<Opened> => {
  const endsAtMs = performance.now() + 120_000;
  while (performance.now() < endsAtMs) {
    const opened = openedIn(servers)[count - 1];
    if (opened) return opened;
    await pause(50);
  }
  throw new Error('the store was not rebuilt within 120 s');
};

/** @throws unless Redis holds each item's sales and every decision. */
const verify = async (servers: BenchServers): Promise<void> => {
  const connection = await createStockConnector(servers.redis.url, saleId, silentLog).connect();
  try {
    const audit = await connection.audit((await connection.current())?.epoch ?? -1);
    const sold = audit === 'stale' ? -1 : audit.reduce((sum, item) => sum + item.sold, 0);
    const wanted = outcomes - Math.ceil(outcomes / 4);
    if (sold !== wanted) throw new Error(`${sold} units are sold instead of ${wanted}`);
  } finally {
    connection.disconnect();
  }
  const size = (await exchange(servers.redis.port, Buffer.from('DBSIZE\r\n'), 5_000)).toString();
  if (Number(/\d+/.exec(size)?.[0]) < outcomes) throw new Error(`Redis holds ${size.trim()} keys`);
};

const rateText = (events: number, ms: number): string =>
  `${Math.round((events / ms) * 1_000).toLocaleString('en-US')}/s`;

const measure = async (servers: BenchServers, build: { name: string; dist: string }): Promise<void> => {
  await exchange(servers.redis.port, Buffer.from('FLUSHALL\r\n'), 60_000);
  const before = openedIn(servers).length;
  const saga = await startSaga(servers, { paymentLatencyMs: 0, nodeArgs, dist: build.dist });
  const processes = [saga, servers.redis, servers.kafka];
  try {
    const cold = await untilOpened(servers, before + 1);
    console.log(
      `  ${build.name}: a fresh process ${rateText(cold.read, cold.duration_ms)}, ${cold.duration_ms} ms`,
    );
    for (let round = 1; round <= rounds; round += 1) {
      /** The old generation is swept and the file of appended writes rewritten first. */
      await pause(2_000);
      const cpuBefore = processes.map(({ pid }) => cpuMsOf(pid));
      await exchange(servers.redis.port, Buffer.from('FLUSHALL\r\n'), 60_000);
      const { read, duration_ms } = await untilOpened(servers, before + 1 + round);
      const cpu = processes.map(({ name, pid }, index) => {
        const micros = ((cpuMsOf(pid) - (cpuBefore[index] ?? 0)) / read) * 1_000;
        return `${name} ${micros.toFixed(1)}`;
      });
      console.log(
        `  ${build.name}: ${rateText(read, duration_ms)}, ${duration_ms} ms; CPU µs an event: ${cpu.join(', ')}`,
      );
      await verify(servers);
    }
  } finally {
    await saga.stop();
  }
};

const main = async (): Promise<void> => {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`);
  console.log(`a log of ${outcomes} outcomes in ${partitions} partitions; Kafka and Redis share these cores`);
  const builds = [{ name: 'this build', dist: join(__dirname, '..', '..') }];
  const beside = process.env['BENCH_BESIDE'];
  if (beside !== undefined) builds.unshift({ name: 'the other build', dist: beside });
  const servers = await startBenchServers();
  try {
    await writeLog(servers);
    await measureOutcomeIndex(servers, outcomes, (index) => outcomeAt(index).request_id);
    for (const build of builds) await measure(servers, build);
  } finally {
    await servers.stop();
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
