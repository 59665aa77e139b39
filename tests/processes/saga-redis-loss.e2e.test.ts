import { pause } from '../../chassis/deadline';
import type { LogRecord } from '../../chassis/kafka/log';
import type { DomainEvent } from '../../schemas/events';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { handledBy, sell } from './saga-load';
import { startSagaSale, untilDecided, type SagaProcess, type SagaSale } from './saga-sale';

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
beforeEach(async () => {
  sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0.1' });
}, 120_000);
afterEach(() => sale.remove(), 60_000);

const lose = async (loss: Loss): Promise<void> => {
  if (loss === 'FLUSHALL') return sale.flushRedis();
  await sale.stopRedis('SIGKILL');
  if (loss === 'kill -9 and an emptied folder') sale.emptyRedisFolder();
  return sale.startRedis();
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
