import { generationPrefix } from '../../schemas/stock-keys';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { saleId, startSagaSale, untilDecided, type Buy, type SagaProcess, type SagaSale } from './saga-sale';
import { tellRedis } from './sale-redis';

/** Redis forgets a decision after 12 s, and a request is old after 6. */
const memory = { HORIZON: '6s', RECORD_TTL: '12s' };
const orders = Array.from({ length: 12 }, (_, index): Buy => ({
  key: `old-${index}`,
  itemId: 'shoe',
  userId: `user-${index}`,
}));

let sale: SagaSale;
beforeAll(async () => {
  sale = await startSagaSale();
}, 120_000);
afterAll(() => sale.remove(), 60_000);

interface Health {
  readonly epoch: number;
  readonly outcome_index: { readonly read: number; readonly total: number };
}

const healthOf = async ({ url }: SagaProcess): Promise<Health> =>
  (await (await fetch(`${url}/health`)).json()) as Health;

const untilForgotten = async (saga: SagaProcess): Promise<void> => {
  const { epoch } = await healthOf(saga);
  const records = `${generationPrefix(saleId, epoch)}order:*`;
  await eventually(async () => expect(await tellRedis(sale.redis.port, 'KEYS', records)).toEqual([]), {
    withinMs: 60_000,
  });
};

const written = async (): Promise<number> => (await sale.partitions(topics.orderOutcomes.name)).flat().length;

describe('orders whose records Redis has forgotten', () => {
  let saga: SagaProcess;

  it('keep their outcomes when their buyers send them again', async () => {
    await sale.stock('shoe', 8);
    saga = await sale.startSaga({ SAGA_GROUP: 'first', ...memory });
    await sale.buy(...orders);
    await untilDecided(
      sale,
      orders.map(({ key }) => key),
      30_000,
    );
    await untilForgotten(saga);
    const before = await sale.outcomes();
    await sale.buy(...orders, { key: 'old-0', itemId: 'shoe', amount: 2 });
    await sale.buy({ key: 'new', itemId: 'shoe' }, { key: 'nothing', itemId: 'hat' });
    await untilDecided(sale, ['new', 'nothing'], 30_000);
    const after = await sale.outcomes();
    expect(orders.map(({ key }) => after.get(key))).toEqual(orders.map(({ key }) => before.get(key)));
    expect([after.get('new'), after.get('nothing')]).toEqual(['SOLD_OUT', 'UNKNOWN_ITEM']);
    await eventually(async () => expect(await sale.violations()).toEqual([]), { withinMs: 20_000 });
  }, 150_000);

  it('keep them when a new process is sent every request from offset 0, and it says that it has read the log', async () => {
    await untilForgotten(saga);
    const before = await written();
    const requests = (await sale.partitions(topics.orderRequests.name)).flat().length;
    const second = await sale.startSaga({ SAGA_GROUP: 'again', ...memory });
    await eventually(
      async () => {
        const metrics = await (await fetch(`${second.url}/metrics`)).text();
        const of = (name: string) =>
          [...metrics.matchAll(new RegExp(`^${name}\\S* (\\d+)`, 'gm'))].reduce(
            (sum, it) => sum + Number(it[1]),
            0,
          );
        expect(of('saga_records_total') - of('saga_records_redone_total')).toBe(requests);
      },
      { withinMs: 60_000 },
    );
    expect(await written()).toBe(before);
    const { read, total } = (await healthOf(second)).outcome_index;
    expect([read, total]).toEqual([before, before]);
  }, 150_000);
});
