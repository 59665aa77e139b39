import { randomUUID } from 'node:crypto';
import type { AtStep } from '../../saga/ports';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { startSagaSale, untilDecided, type Buy, type SagaSale } from './saga-sale';
import { tellRedis } from './sale-redis';

type Step = Parameters<AtStep>[0];

/** The steps of a rebuild; each needs a store that has lost everything. */
const rebuildSteps: readonly Step[] = [
  'after-claim',
  'after-close',
  'after-markers',
  'after-load',
  'after-open',
];
const orderSteps: readonly Step[] = [
  'after-adjust',
  'after-decode',
  'after-bury',
  'after-decide',
  'after-charge',
  'after-settle',
  'after-produce',
  'after-cancel',
  'after-fence',
  'after-emitted',
];
const ordersPerStep = 12;

let sale: SagaSale;
beforeAll(async () => {
  sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0.3', PAYMENT_SEED: 'crash' });
}, 120_000);
afterAll(() => sale.remove(), 60_000);

/** Fewer than the stock that a buyer's share of all orders comes to. */
const unitsMax = 20;
/** Scarce: a third of what is asked for cannot be had. Keys are fixed, so that the same payments are declined. */
const ordersOf = (step: Step): readonly Buy[] =>
  Array.from({ length: ordersPerStep }, (_, index) => ({
    key: `${step}-${index}`,
    itemId: 'shoe',
    userId: `user-${index % 5}`,
    amount: 1 + (index % 2),
  }));

const poisonKey = (step: Step): string => `${step}-poison`;

/** A group of its own begins at offset 0, so that each start re-sends every order there has ever been. */
const dieAt = async (step: Step, more: Readonly<Record<string, string>> = {}): Promise<void> => {
  const saga = await sale.startSaga({ SAGA_GROUP: `crash-${randomUUID()}`, DIE_AT: step, ...more });
  expect([step, await saga.ended(40_000)]).toEqual([step, 'SIGKILL']);
};

const keysOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap((step) => [...ordersOf(step).map(({ key }) => key), poisonKey(step)]);

const handled = async (url: string): Promise<number> => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^saga_records_total\S* (\d+)/m.exec(metrics)?.[1] ?? 0);
};

const place = async (step: Step): Promise<void> => {
  await sale.stock('shoe', 9);
  await sale.buy(...ordersOf(step));
  const topic = topics.orderRequests.name;
  await sale.append({ topic, key: poisonKey(step), value: Buffer.from('no order'), headers: { from: step } });
};

describe('a saga that is killed', () => {
  it('between any two steps, and started again, decides each order once and leaves nothing open', async () => {
    await sale.limit('shoe', unitsMax);
    for (const step of rebuildSteps) {
      await place(step);
      await tellRedis(sale.redis.port, 'FLUSHALL');
      await dieAt(step);
    }
    for (const step of orderSteps) {
      await place(step);
      await dieAt(step);
    }
    await place('after-postpone');
    await dieAt('after-postpone', { PAYMENT_URL: 'http://127.0.0.1:1', PAYMENT_BUDGET: '200ms' });

    const all = keysOf([...rebuildSteps, ...orderSteps, 'after-postpone']);
    await sale.startSaga({ SAGA_GROUP: 'last' });
    await untilDecided(sale, all, 60_000);
    await eventually(async () => expect(await sale.violations()).toEqual([]), { withinMs: 20_000 });
    const outcomes = await sale.outcomes();
    expect(new Set(outcomes.values())).toEqual(
      new Set(['COMPLETED', 'SOLD_OUT', 'LIMIT_EXCEEDED', 'PAYMENT', 'UNPROCESSABLE']),
    );
  }, 400_000);

  it('may be sent every order again from offset 0: nothing changes', async () => {
    const before = { outcomes: await sale.partitions(topics.orderOutcomes.name), audit: await sale.audit() };
    const requests = (await sale.partitions(topics.orderRequests.name)).flat();
    const saga = await sale.startSaga({ SAGA_GROUP: 'again' });
    await eventually(async () => expect(await handled(saga.url)).toBeGreaterThanOrEqual(requests.length), {
      withinMs: 40_000,
    });
    expect(await sale.partitions(topics.orderOutcomes.name)).toEqual(before.outcomes);
    expect(await sale.audit()).toEqual(before.audit);
    expect(await sale.violations()).toEqual([]);
  }, 90_000);
});
