import { randomUUID } from 'node:crypto';
import { foldersOf } from '../../stack/stack-context';
import { projectRoot } from '../../stack/project-root';
import { readRecords } from '../../stack/run-records';
import { cpuSecondsOf } from '../cpu-seconds';
import { Client } from '../demo/client';
import { memoryOf } from './memory';
import { pressSteadily } from './steady-buyers';

/** What each service of the running stack uses at a steady rate of orders: the ground of the requests in k8s/base. */
const names = ['command-api', 'saga', 'projector', 'query-api'];
const warmSeconds = 5;

const pids = (): ReadonlyMap<string, number> =>
  new Map(
    readRecords(foldersOf(projectRoot()).run)
      .filter(({ name }) => names.includes(name))
      .map(({ name, pid }) => [name, pid]),
  );

const needed = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start with make bench-services`);
  return value;
};

const stock = async (commands: Client, itemId: string): Promise<void> => {
  const body = { item_id: itemId, delta: 1_000_000, reason: 'bench', command_id: randomUUID() };
  const headers = { Authorization: `Bearer ${needed('ADMIN_TOKEN')}` };
  const { status } = await commands.post('/commands/adjust-stock', body, headers);
  if (status !== 202) throw new Error(`adjust-stock says ${status}`);
};

const main = async (): Promise<void> => {
  const [rate, seconds] = [Number(process.argv[2] ?? 500), Number(process.argv[3] ?? 60)];
  const commands = new Client(needed('COMMAND_API_URL'), 128);
  const queries = new Client(needed('QUERY_API_URL'), 2_048);
  const itemId = `bench-${randomUUID().slice(0, 8)}`;
  await stock(commands, itemId);
  await pressSteadily({ commands, queries }, { itemId, ratePerSecond: rate, seconds: warmSeconds });
  const running = pids();
  const before = new Map([...running].map(([name, pid]) => [name, cpuSecondsOf(pid)]));
  const startedAtMs = performance.now();
  const pressed = await pressSteadily({ commands, queries }, { itemId, ratePerSecond: rate, seconds });
  const tookSeconds = (performance.now() - startedAtMs) / 1_000;
  const lines = [...running].map(([name, pid]) => {
    const cpuSeconds = cpuSecondsOf(pid) - (before.get(name) ?? 0);
    const { nowMiB, peakMiB } = memoryOf(pid);
    const micros = (cpuSeconds * 1e6) / pressed.accepted;
    const cells = [
      `${micros.toFixed(0)} µs`,
      `${((cpuSeconds / tookSeconds) * 1_000).toFixed(0)}m`,
      `${nowMiB} MiB`,
      `${peakMiB} MiB`,
    ];
    return `  ${name.padEnd(14)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  });
  const { accepted, refused, decided, broken } = pressed;
  process.stdout.write(
    [
      `${accepted} accepted in ${tookSeconds.toFixed(1)} s (${Math.round(accepted / tookSeconds)}/s), ${refused} refused, ${broken} broken, ${decided} answered by ?wait=`,
      `  ${'process'.padEnd(14)}${['an order', 'cores', 'memory', 'peak'].map((cell) => cell.padStart(12)).join('')}`,
      ...lines,
      '',
    ].join('\n'),
  );
  commands.close();
  queries.close();
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
