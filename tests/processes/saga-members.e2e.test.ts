import { eventually } from '../support/eventually';
import { handledBy, sell } from './saga-load';
import { startSagaSale, untilDecided, type SagaProcess, type SagaSale } from './saga-sale';

/** `make test-saga-members` asks for the long one; the short one fits into every test run. */
const isFull = process.env['SAGA_MEMBERS'] === 'full';
/** How members go, one after the other; before each a new one joins and has decided orders. */
const ends: readonly NodeJS.Signals[] = isFull
  ? ['SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGTERM']
  : ['SIGTERM', 'SIGKILL'];
const load = isFull
  ? { itemId: 'shoe', ordersPerSecond: 300, unitsPerSecond: 150 }
  : { itemId: 'shoe', ordersPerSecond: 200, unitsPerSecond: 100 };

let sale: SagaSale;
beforeEach(async () => {
  sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0.1' });
}, 120_000);
afterEach(() => sale.remove(), 60_000);

const untilItDecides = (saga: SagaProcess): Promise<void> =>
  eventually(async () => expect(await handledBy(saga)).toBeGreaterThan(0), {
    withinMs: 120_000,
    everyMs: 200,
  });

/** SIGTERM is obeyed within the 30 s of SHUTDOWN_TIMEOUT, and the process says that all went well. */
const end = async (saga: SagaProcess, signal: NodeJS.Signals): Promise<void> => {
  saga.kill(signal);
  expect(await saga.ended(35_000)).toBe(signal === 'SIGTERM' ? 0 : 'SIGKILL');
};

/** Members come and go; those who are left at the end are still there. */
const changeMembers = async (members: SagaProcess[]): Promise<void> => {
  await Promise.all(members.map(untilItDecides));
  for (const signal of ends) {
    const joined = await sale.startSaga();
    members.push(joined);
    await untilItDecides(joined);
    const oldest = members.shift();
    if (oldest) await end(oldest, signal);
  }
};

describe('sagas that share the partitions of a sale in full swing', () => {
  it('join, leave and are killed, and each order is decided once', async () => {
    const members = await Promise.all([sale.startSaga(), sale.startSaga()]);
    const placed: string[] = [];
    const over = new AbortController();
    const selling = sell(sale, load, placed, over.signal);
    await changeMembers(members).finally(() => over.abort());
    await selling;

    await untilDecided(sale, placed, 120_000);
    await eventually(async () => expect(await sale.violations()).toEqual([]), { withinMs: 30_000 });
    const statuses = [...(await sale.outcomes()).values()];
    expect(new Set(statuses)).toEqual(new Set(['COMPLETED', 'SOLD_OUT', 'PAYMENT']));
    expect(placed.length).toBeGreaterThan(load.ordersPerSecond);
    if (isFull) process.stdout.write(`${placed.length} orders, ${ends.length} members came and went\n`);
  }, 600_000);
});
