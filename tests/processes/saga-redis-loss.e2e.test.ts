import { pause } from '../../chassis/deadline';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { startSagaSale, untilDecided, type SagaSale } from './saga-sale';

/** `make test-saga-loss` asks for all losses at full length; the short one fits into every test run. */
const isFull = process.env['SAGA_LOSS'] === 'full';
const plan = isFull ? { seconds: 35, stoppedMs: 20_000 } : { seconds: 8, stoppedMs: 4_000 };
const ordersPerSecond = 500;
const unitsPerSecond = 200;
const lossAfterSeconds = 3;

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

const sell = async (placed: string[], signal: AbortSignal): Promise<void> => {
  for (let tick = 0; !signal.aborted; tick += 1) {
    if (tick % 10 === 0) await sale.stock('shoe', unitsPerSecond);
    const orders = Array.from({ length: ordersPerSecond / 10 }, (_, index) => ({
      key: `order-${tick}-${index}`,
      itemId: 'shoe',
      userId: `user-${(tick * 7 + index) % 90}`,
      amount: 1 + (index % 3 === 0 ? 1 : 0),
    }));
    await sale.buy(...orders);
    placed.push(...orders.map(({ key }) => key));
    await pause(100, signal);
  }
};

/** When the log took the first OrderCompleted after a moment, in ms after it. */
const sellingAgainAfterMs = async (sinceMs: number): Promise<number> => {
  const records = (await sale.partitions(topics.orderOutcomes.name)).flat();
  const times = records.flatMap(({ value, appendedAtMs }) => {
    const decoded = sale.codec.decode(topics.orderOutcomes.name, value);
    const isSold = decoded.kind === 'event' && decoded.event.type === 'OrderCompleted';
    return isSold && appendedAtMs > sinceMs ? [appendedAtMs - sinceMs] : [];
  });
  return Math.min(...times);
};

describe('a sale of scarce stock at 500 orders a second, one saga of two stopped', () => {
  it.each(losses)(
    'goes on by itself after Redis had: %s',
    async (loss) => {
      const [stopped] = await Promise.all([sale.startSaga(), sale.startSaga()]);
      await sale.stock('shoe', 50);
      await sale.buy({ key: 'first', itemId: 'shoe' });
      await untilDecided(sale, ['first'], 60_000);

      const placed: string[] = [];
      const over = new AbortController();
      const selling = sell(placed, over.signal);
      await pause((lossAfterSeconds - 1) * 1_000);
      stopped.kill('SIGSTOP');
      const woken = pause(plan.stoppedMs).then(() => stopped.kill('SIGCONT'));
      await pause(1_000);
      await lose(loss);
      const backAtMs = Date.now();
      await pause((plan.seconds - lossAfterSeconds) * 1_000);
      over.abort();
      await Promise.all([selling, woken]);

      await untilDecided(sale, placed, 120_000);
      expect(await sellingAgainAfterMs(backAtMs)).toBeLessThan(10_000);
      await eventually(async () => expect(await sale.violations()).toEqual([]), { withinMs: 30_000 });
      expect(placed.length).toBeGreaterThan(plan.seconds * 100);
    },
    400_000,
  );
});
