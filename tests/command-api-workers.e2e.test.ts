import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { claimPort } from '../stack/ports';
import { projectRoot } from '../stack/project-root';
import { startServer, type RunningServer } from '../stack/server-process';
import { checkBuyAnswer } from './support/buy-over';
import { someOrder } from './support/command-api';
import { eventually } from './support/eventually';
import { temporaryFolder } from './support/temporary-folder';

const servers = {
  KAFKA_BROKERS: process.env['KAFKA_BROKERS'] ?? '',
  SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
  REDIS_URL: process.env['REDIS_URL'] ?? '',
};
const folder = temporaryFolder();
const logFile = join(folder, 'command-api.log');
let api: RunningServer;

beforeAll(async () => {
  const main = join(projectRoot(), 'dist', 'command-api', 'main.js');
  if (!existsSync(main)) throw new Error('dist/ is missing: run `make build`');
  const port = await claimPort(0, 'PORT');
  const url = `http://127.0.0.1:${port}`;
  api = await startServer(
    {
      name: 'command-api',
      command: process.execPath,
      args: [main],
      env: {
        ...process.env,
        ...servers,
        HOST: '127.0.0.1',
        PORT: String(port),
        SALE_ID: `workers-${randomUUID().slice(0, 8)}`,
        WORKERS: '2',
        DRAIN_GRACE: '0',
        AUTH_MODE: 'none',
        LOG_LEVEL: 'warn',
      },
      logFile,
      stopSignal: 'SIGTERM',
    },
    {
      url,
      port,
      timeoutMs: 60_000,
      probe: async () => {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
        if (!answer.ok) throw new Error(`/readyz says ${answer.status}`);
      },
    },
  );
}, 120_000);
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A connection of its own for each request, so that the workers take turns. */
const buy = async (order: unknown): Promise<number> => {
  const answer = await fetch(`${api.url}/commands/buy`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Connection: 'close' },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(5_000),
  });
  checkBuyAnswer({ status: answer.status, headers: answer.headers, text: await answer.text() });
  return answer.status;
};

const acceptedInMetrics = async (): Promise<number> => {
  const text = await (await fetch(`${api.url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
  return Number(/^command_api_orders_accepted_total\S* (\d+)$/m.exec(text)?.[1]);
};

const workerPids = (): readonly number[] => {
  const text = readFileSync(`/proc/${api.pid}/task/${api.pid}/children`, 'utf8');
  return text.trim().split(' ').map(Number);
};

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('two workers on one port', () => {
  it('each say at their start that buyers are not authenticated', async () => {
    await eventually(() =>
      expect(readFileSync(logFile, 'utf8').match(/"event":"auth_off"/g)).toHaveLength(2),
    );
  });

  it('accept an order once between them, and count together', async () => {
    const before = await acceptedInMetrics();
    const orders = Array.from({ length: 20 }, () => someOrder());
    expect(await Promise.all(orders.map(buy))).toEqual(orders.map(() => 202));
    expect(await Promise.all(orders.map(buy))).toEqual(orders.map(() => 409));
    for (let scrape = 0; scrape < 4; scrape += 1) expect(await acceptedInMetrics()).toBe(before + 20);
  }, 60_000);

  onLinux(
    'go on when one is killed, are two again soon, and what it had counted still counts',
    async () => {
      const [killed = 0, other = 0] = workerPids();
      const counted = await acceptedInMetrics();
      process.kill(killed, 'SIGKILL');
      await eventually(() => expect(workerPids()).not.toContain(killed));
      // A connection handed to the dead one before its end was noticed is closed: its buyer presses again.
      const order = someOrder();
      await eventually(async () => expect([202, 409]).toContain(await buy(order)));
      await eventually(() => expect(workerPids()).toHaveLength(2), { withinMs: 20_000 });
      expect(workerPids()).toContain(other);
      expect(await acceptedInMetrics()).toBeGreaterThanOrEqual(counted);
    },
    60_000,
  );

  onLinux(
    'end together on SIGTERM',
    async () => {
      const pids = workerPids();
      await api.stop();
      for (const pid of pids) expect(existsSync(`/proc/${pid}`)).toBe(false);
    },
    60_000,
  );
});
