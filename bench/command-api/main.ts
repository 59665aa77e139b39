import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pause } from '../../chassis/deadline';
import { kafkaConnection } from '../../chassis/kafka/connection';
import { createLogReader } from '../../chassis/kafka/reader';
import { topics } from '../../schemas/topics';
import { claimPort } from '../../stack/ports';
import { requestIdOf, runLoad, type LoadResult } from './load';

/**
 * Accepted orders a second of one command API beside a bare Node server in the same run, turn by turn, at 32, 128 and
 * 512 connections, on the servers that the environment names; run it beside a saga and a projector on the same ones.
 * Ends with 1 when an order that was answered 202 is not in the log.
 */
const connectionCounts = [32, 128, 512];
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const durationMs = Number(process.env['BENCH_SECONDS'] ?? 5) * 1000;
const startWithinMs = 30_000;

interface Measured {
  readonly name: string;
  readonly cpuMicros: number;
  readonly result: LoadResult;
}

const children: ChildProcess[] = [];

const startNode = async (file: string, more: NodeJS.ProcessEnv): Promise<{ url: string; pid: number }> => {
  const port = await claimPort(0, 'PORT');
  const child = spawn(process.execPath, [join(__dirname, file)], {
    env: { ...process.env, HOST: '127.0.0.1', ...more, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  const endsAtMs = performance.now() + startWithinMs;
  for (;;) {
    // Any answer will do: the bare server has no routes, and what it cannot parse it does not answer.
    const answer = await fetch(`${url}/livez`, {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(1_000),
    }).catch(() => undefined);
    if (answer) return { url, pid: child.pid ?? 0 };
    if (performance.now() > endsAtMs) throw new Error(`${file} does not answer`);
    await pause(100);
  }
};

/** User and system time of a process so far, in µs; 0 where there is no procfs. */
const cpuMicrosOf = async (pid: number): Promise<number> => {
  const { readFile } = await import('node:fs/promises');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000;
};

const measure = async (
  name: string,
  target: { readonly url: string; readonly pid: number },
  connections: number,
  prefix: string,
): Promise<Measured> => {
  const before = await cpuMicrosOf(target.pid);
  const result = await runLoad({ url: target.url, connections, durationMs, prefix });
  const cpuMicros = ((await cpuMicrosOf(target.pid)) - before) / Math.max(1, result.accepted);
  return { name, cpuMicros, result };
};

const line = ({ name, cpuMicros, result }: Measured): string =>
  [
    name.padEnd(12),
    String(result.connections).padStart(4),
    `${Math.round(result.accepted / result.seconds)}/s`.padStart(10),
    `p50 ${result.p50Ms.toFixed(1)} ms`.padStart(14),
    `p99 ${result.p99Ms.toFixed(1)} ms`.padStart(14),
    `p99.9 ${result.p999Ms.toFixed(1)} ms`.padStart(16),
    `${cpuMicros.toFixed(0)} µs CPU`.padStart(11),
    result.refused > 0 ? `${result.refused} refused` : '',
  ].join('  ');

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const rateOf = ({ result }: Measured): number => result.accepted / result.seconds;

const summary = (all: readonly Measured[], connections: number): string => {
  const rates = (name: string): readonly number[] =>
    all.filter((it) => it.name === name && it.result.connections === connections).map(rateOf);
  const [bare, api] = [rates('bare'), rates('command-api')];
  const spread = `${Math.round(Math.min(...api))}–${Math.round(Math.max(...api))}`;
  const share = Math.round((median(api) / median(bare)) * 100);
  return `${String(connections).padStart(4)} connections: median ${Math.round(median(api))} accepted/s (${spread}), ${share} % of the bare server's ${Math.round(median(bare))}`;
};

/** How many of the accepted ids the log does not hold. */
const missingFromLog = async (accepted: ReadonlySet<string>): Promise<number> => {
  const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
  const left = new Set(accepted);
  await createLogReader(kafkaConnection({ brokers, clientId: 'bench' })).read({
    topic: topics.orderRequests.name,
    onRecords: (records) => {
      for (const { key } of records) left.delete(key?.toString() ?? '');
    },
  });
  return left.size;
};

const main = async (): Promise<void> => {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`);
  console.log(`${rounds} rounds of ${durationMs / 1000} s each; the generator shares these cores`);
  const bare = await startNode('bare-server.js', {});
  const api = await startNode('../../command-api/main.js', {
    LOG_LEVEL: 'error',
    // Every order is of a user of its own, so the limit is checked and never met.
    SALE_ID: `bench-${randomUUID().slice(0, 8)}`,
  });
  const accepted = new Set<string>();
  const all: Measured[] = [];
  const run = `bench-${randomUUID().slice(0, 8)}`;
  await runLoad({ url: api.url, connections: 64, durationMs: 2_000, prefix: `${run}-warm` });
  const turns = Array.from({ length: rounds }, (_, round) =>
    connectionCounts.map((connections) => ({ connections, prefix: `${run}-${round}-${connections}` })),
  ).flat();
  for (const { connections, prefix } of turns) {
    const beside = await measure('bare', bare, connections, prefix);
    const measured = await measure('command-api', api, connections, prefix);
    console.log(`${line(beside)}\n${line(measured)}`);
    all.push(beside, measured);
    for (const number of measured.result.acceptedNumbers) accepted.add(requestIdOf(prefix, number));
  }
  for (const connections of connectionCounts) console.log(summary(all, connections));
  const missing = await missingFromLog(accepted);
  console.log(`${accepted.size} orders answered 202, ${missing} of them missing from the log`);
  if (missing > 0) process.exitCode = 1;
};

main()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  })
  .finally(() => {
    for (const child of children) child.kill('SIGTERM');
  });
