import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../chassis/deadline';
import type { LogRecord } from '../../chassis/kafka/log';
import type { DomainEvent } from '../../schemas/events';
import { currentKey, generationPrefix } from '../../schemas/stock-keys';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { temporaryFolder } from '../support/temporary-folder';
import { handledBy, sell } from './saga-load';
import { saleId, startSagaSale, untilDecided, type SagaProcess, type SagaSale } from './saga-sale';
import { tellRedis } from './sale-redis';

/** `make test-redis-loss` asks for all losses at full length; the short one fits into every test run. */
const isFull = process.env['REDIS_LOSS'] === 'full';
const plan = isFull
  ? { seconds: 35, stoppedMs: 20_000, ordersPerSecond: 500, unitsPerSecond: 200 }
  : { seconds: 9, stoppedMs: 5_000, ordersPerSecond: 200, unitsPerSecond: 80 };
const lossAfterSeconds = 3;
/** What a sale with a small log promises. */
const sellingAgainWithinMs = 10_000;

type Loss = 'FLUSHALL' | 'kill -9' | 'kill -9 and an emptied folder';
const losses: readonly Loss[] = isFull
  ? ['FLUSHALL', 'kill -9', 'kill -9 and an emptied folder']
  : ['kill -9 and an emptied folder'];

let sale: SagaSale;

/** What it had on disk; in a cluster all but its place there. */
const emptyFolder = (): void => {
  const { folder } = sale.redis;
  const names = readdirSync(folder).filter((name) => name !== 'nodes.conf');
  for (const name of names) rmSync(join(folder, name), { recursive: true });
};

const lose = async (loss: Loss): Promise<void> => {
  if (loss === 'FLUSHALL') {
    await tellRedis(sale.redis.port, 'FLUSHALL');
    return;
  }
  await sale.redis.kill();
  if (loss === 'kill -9 and an emptied folder') emptyFolder();
  return sale.redis.start();
};

/** Both have orders of their own, so that the one that is stopped holds partitions. */
const bothDecide = async (sagas: readonly SagaProcess[]): Promise<void> => {
  let round = 0;
  await eventually(
    async () => {
      round += 1;
      const keys = Array.from({ length: 16 }, (_, index) => `first-${round}-${index}`);
      await sale.buy(...keys.map((key) => ({ key, itemId: 'shoe' })));
      expect(Math.min(...(await Promise.all(sagas.map(handledBy))))).toBeGreaterThan(0);
    },
    { withinMs: 60_000, everyMs: 300 },
  );
};

interface Outcome {
  readonly event: Extract<DomainEvent, { readonly epoch: number }>;
  readonly appendedAtMs: number;
}
const readOutcome = ({ value, appendedAtMs }: LogRecord): readonly Outcome[] => {
  const decoded = sale.codec.decode(topics.orderOutcomes.name, value);
  return decoded.kind === 'event' && 'epoch' in decoded.event ? [{ event: decoded.event, appendedAtMs }] : [];
};

/** From a moment until the log took the first OrderCompleted of an epoch that began after it. */
const sellingAgainAfterMs = async (lostAtMs: number, backAtMs: number): Promise<number> => {
  const outcomes = (await sale.partitions(topics.orderOutcomes.name)).flat().flatMap(readOutcome);
  const before = outcomes.filter(({ appendedAtMs }) => appendedAtMs < lostAtMs);
  const epochBefore = Math.max(...before.map(({ event }) => event.epoch));
  const sold = outcomes.filter(({ event }) => event.type === 'OrderCompleted' && event.epoch > epochBefore);
  return Math.min(...sold.map(({ appendedAtMs }) => appendedAtMs)) - backAtMs;
};

const report = async (loss: Loss, orders: number, againAfterMs: number): Promise<void> => {
  const counts = new Map<string, number>();
  for (const status of (await sale.outcomes()).values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  process.stdout.write(
    `${loss}: ${JSON.stringify({ orders, againAfterMs, ...Object.fromEntries(counts) })}\n`,
  );
};

describe('a sale of scarce stock in full swing, one saga of two stopped', () => {
  beforeEach(async () => {
    sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0.1' });
  }, 120_000);
  afterEach(() => sale.remove(), 60_000);

  it.each(losses)(
    'goes on by itself after Redis had: %s',
    async (loss) => {
      const sagas = await Promise.all([sale.startSaga(), sale.startSaga()]);
      await sale.stock('shoe', 50);
      await bothDecide(sagas);

      const placed: string[] = [];
      const over = new AbortController();
      const selling = sell(sale, { itemId: 'shoe', ...plan }, placed, over.signal);
      await pause((lossAfterSeconds - 1) * 1_000);
      sagas[0].kill('SIGSTOP');
      const woken = pause(plan.stoppedMs).then(() => sagas[0].kill('SIGCONT'));
      await pause(1_000);
      const lostAtMs = Date.now();
      await lose(loss);
      const backAtMs = Date.now();
      await pause((plan.seconds - lossAfterSeconds) * 1_000);
      over.abort();
      await Promise.all([selling, woken]);

      await untilDecided(sale, placed, 120_000);
      const againAfterMs = await sellingAgainAfterMs(lostAtMs, backAtMs);
      if (isFull) await report(loss, placed.length, againAfterMs);
      expect(againAfterMs).toBeLessThan(sellingAgainWithinMs);
      await eventually(async () => expect(await sale.violations()).toEqual([]), { withinMs: 30_000 });
      expect(placed.length).toBeGreaterThan((plan.seconds * plan.ordersPerSecond) / 2);
    },
    400_000,
  );
});

describe('a sale in a Redis Cluster of three masters', () => {
  beforeAll(async () => {
    sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0.1' }, true);
    await sale.startSaga();
  }, 120_000);
  afterAll(() => sale.remove(), 60_000);

  /** Scarce: a part of them cannot be had. */
  const sellSome = async (round: string): Promise<void> => {
    await sale.stock('shoe', 20);
    const keys = Array.from({ length: 24 }, (_, index) => `${round}-${index}`);
    await sale.buy(...keys.map((key, index) => ({ key, itemId: 'shoe', userId: `user-${index % 7}` })));
    await untilDecided(sale, keys, 60_000);
  };
  const nothingIsWrong = (): Promise<void> =>
    eventually(async () => expect(await sale.violations()).toEqual([]), { withinMs: 30_000 });

  it('goes on after its master came back with a copy from before the last orders, as a failover may', async () => {
    await sellSome('copied');
    const copy = temporaryFolder();
    cpSync(sale.redis.folder, copy, { recursive: true });
    await sellSome('lost');
    await sale.redis.kill();
    emptyFolder();
    cpSync(copy, sale.redis.folder, { recursive: true });
    rmSync(copy, { recursive: true });
    await sale.redis.start();
    await sellSome('after-the-copy');
    await nothingIsWrong();
  }, 200_000);

  it('goes on after its master’s append-only file was cut short', async () => {
    await sellSome('cut');
    await sale.redis.kill();
    const { folder } = sale.redis;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    );
    const [file = ''] = files
      .filter((name) => name.endsWith('.aof'))
      .sort((a, b) => statSync(b).size - statSync(a).size);
    truncateSync(file, Math.floor(statSync(file).size * 0.6));
    await sale.redis.start();
    await sellSome('after-the-cut');
    await nothingIsWrong();
  }, 200_000);

  it('is rebuilt when memory is full and has no room for a second generation', async () => {
    const { port } = sale.redis;
    const megabytes = 8;
    for (let index = 0; index < megabytes; index += 1) {
      const key = `${generationPrefix(saleId, 0)}order:heavy-${index}`;
      await tellRedis(port, 'SETRANGE', key, '1048575', '.');
    }
    const used = Number(/^used_memory:(\d+)/m.exec(String(await tellRedis(port, 'INFO', 'memory')))?.[1]);
    await tellRedis(port, 'CONFIG', 'SET', 'maxmemory', String(used - (megabytes / 2) * 1_048_576));
    await tellRedis(port, 'DEL', currentKey(saleId));
    await sellSome('without-memory');
    await tellRedis(port, 'CONFIG', 'SET', 'maxmemory', '0');
    await nothingIsWrong();
  }, 200_000);
});
