import type { Order } from '../ports';
import type { PaymentProvider } from './provider';

const order: Order = { key: 'r|1 ü', userId: 'ann', itemId: 'shoe', amount: 2 };

/** What every payment provider must promise. `declining` is one that declines everything. */
export const describePayment = (
  name: string,
  create: () => Promise<{ readonly willing: PaymentProvider; readonly declining: PaymentProvider }>,
): void => {
  describe(`the payment provider ${name}`, () => {
    let willing: PaymentProvider;
    let declining: PaymentProvider;
    beforeEach(async () => {
      ({ willing, declining } = await create());
    });

    it('gives one outcome to one key', async () => {
      const first = await willing.charge('k:1', order);
      expect(first).toMatchObject({ kind: 'approved' });
      expect(await willing.charge('k:1', order)).toEqual(first);
      expect(await willing.query('k:1')).toEqual(first);
    });

    it('has nothing under a key that it never saw', async () => {
      expect(await willing.query('never:1')).toEqual({ kind: 'none' });
    });

    it('cancels for good, what was charged and what was never seen', async () => {
      await willing.charge('charged:1', order);
      for (const key of ['charged:1', 'unseen:1']) {
        expect(await willing.cancel(key)).toEqual({ kind: 'cancelled' });
        expect(await willing.cancel(key)).toEqual({ kind: 'cancelled' });
        expect(await willing.charge(key, order)).toEqual({ kind: 'cancelled' });
        expect(await willing.query(key)).toEqual({ kind: 'cancelled' });
      }
    });

    it('remembers a refusal and its code', async () => {
      const declined = { kind: 'declined', code: 'card_declined' };
      expect(await declining.charge('d:1', order)).toEqual(declined);
      expect(await declining.query('d:1')).toEqual(declined);
    });
  });
};
