import type { ToCharge } from './decide-orders';
import type { OrderWork } from './order-work';
import type { ChargeOutcome, SettleRequest } from './ports';
import { epochOver, type RoundContext } from './round-context';
import { settleOrders } from './settle-orders';

/** A chunk whose payments and whose pause end when the test says so; the store is asked once and ends the epoch. */
const bench = (keys: readonly string[]) => {
  const pay = new Map<string, () => void>();
  const settled: string[][] = [];
  let endPause: () => void = () => undefined;
  const charge = (paymentKey: string): Promise<ChargeOutcome> =>
    new Promise((resolve) => pay.set(paymentKey, () => resolve({ kind: 'approved', paymentId: 'p' })));
  const settle = (_epoch: number, requests: readonly SettleRequest[]): Promise<'stale'> => {
    settled.push(requests.map(({ order }) => order.key));
    return Promise.resolve('stale');
  };
  const context = {
    payment: { charge },
    clock: {
      nowMs: () => 0,
      pause: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          endPause = resolve;
          signal?.addEventListener('abort', () => resolve());
        }),
    },
    session: { connection: { settle }, generation: { epoch: 1 } },
    paymentGiveUpMs: 1_000,
    signal: new AbortController().signal,
    atStep: () => undefined,
    observe: { step: () => undefined },
  } as unknown as RoundContext;
  const toCharge = keys.map((key): ToCharge => {
    const order = { key, userId: 'ann', itemId: 'shoe', amount: 1 };
    const work = { record: { headers: {} }, order } as unknown as OrderWork;
    return { work, key, order, paymentKey: key, cancelFirst: [] };
  });
  return { ended: settleOrders(context, toCharge, []), pay, settled, endPause: () => endPause() };
};

const turn = (): Promise<void> => new Promise(setImmediate);

test('payments that end together are settled at once when none is left to wait for', async () => {
  const { ended, pay, settled } = bench(['a', 'b']);
  pay.get('a')?.();
  await turn();
  pay.get('b')?.();
  expect(await ended).toBe(epochOver);
  expect(settled).toEqual([['a', 'b']]);
});

test('payments that have ended do not wait for the slowest of their chunk', async () => {
  const { ended, pay, settled, endPause } = bench(['a', 'b']);
  pay.get('a')?.();
  await turn();
  expect(settled).toEqual([]);
  endPause();
  expect(await ended).toBe(epochOver);
  expect(settled).toEqual([['a']]);
});
