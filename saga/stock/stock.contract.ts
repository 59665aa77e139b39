import type { DecideRequest, Memory, Opening, Order, StockConnection } from '../ports';

/** A store of the suite's own, opened for nobody yet; times are milliseconds of its clock. */
export interface StockUnderTest {
  connect(): Promise<StockConnection>;
  nowMs(): Promise<number>;
  /** Lets at least so much of the store's time pass. */
  wait(milliseconds: number): Promise<void>;
}

const day = 24 * 3_600_000;
const memory: Memory = { horizonMs: day, recordTtlMs: 2 * day };

const order = (key: string, more: Partial<Order> = {}): Order => ({
  key,
  userId: 'ann',
  itemId: 'shoe',
  amount: 1,
  ...more,
});

/** What every stock store must do, whatever it is made of. */
export const describeStock = (name: string, create: () => Promise<StockUnderTest>): void => {
  describe(`the stock store ${name}`, () => {
    let store: StockUnderTest;
    let connection: StockConnection;
    let now: number;

    const opening = (more: Partial<Opening> = {}): Opening => ({
      adjusted: new Map([[0, 0]]),
      startedEpochs: [{ epoch: 3, startedAtMs: 1 }],
      rememberedSinceMs: now,
      ...more,
    });
    const openAt = async (epoch: number, stocked: Readonly<Record<string, number>>): Promise<void> => {
      const runId = await connection.serverRunId();
      await connection.close(epoch, runId);
      const items = Object.entries(stocked).map(([itemId, total]) => ({
        itemId,
        total,
        available: total,
        reserved: 0,
        sold: 0,
        unitsMax: null,
      }));
      await connection.loadItems(epoch, items, []);
      await connection.open(epoch, runId, opening());
    };
    const ask = (of: Order | string, more: Partial<DecideRequest> = {}): DecideRequest => ({
      key: typeof of === 'string' ? of : of.key,
      order: typeof of === 'string' ? undefined : of,
      appendedAtMs: now,
      absentThroughMs: 0,
      stockIsCurrent: false,
      isOffSale: false,
      ...more,
    });
    const decide = async (...requests: readonly DecideRequest[]) => {
      const decisions = await connection.decide(3, requests, memory);
      if (decisions === 'stale') throw new Error('stale');
      return decisions.map((decision) =>
        decision.kind === 'decided'
          ? [
              decision.isNew ? 'new' : decision.emitted ? 'emitted' : 'known',
              decision.record.state,
              'reason' in decision.record ? decision.record.reason : '',
            ]
              .join(' ')
              .trim()
          : decision.kind,
      );
    };
    const stockOf = async (itemId: string) => {
      const items = await connection.audit(3);
      if (items === 'stale') throw new Error('stale');
      const item = items.find((it) => it.itemId === itemId);
      return item && [item.total, item.available, item.reserved, item.sold];
    };
    const complete = (of: Order) =>
      connection.settle(3, [{ order: of, outcome: { state: 'COMPLETED', paymentId: 'pay-1' } }]);
    const fail = (of: Order) =>
      connection.settle(3, [
        { order: of, outcome: { state: 'FAILED', reason: 'PAYMENT', detail: 'declined: a|b' } },
      ]);

    beforeEach(async () => {
      store = await create();
      connection = await store.connect();
      now = await store.nowMs();
      await openAt(3, { shoe: 3 });
    });
    afterEach(() => connection.disconnect());

    it('reserves once and gives the same answer ever after', async () => {
      expect(await decide(ask(order('a', { amount: 2 })))).toEqual(['new RESERVED']);
      expect(await decide(ask(order('a', { amount: 2 })))).toEqual(['known RESERVED']);
      expect(await stockOf('shoe')).toEqual([3, 1, 2, 0]);
    });

    it('records refusals too, so that a restock does not change them', async () => {
      expect(await decide(ask(order('a', { amount: 4 })))).toEqual(['new FAILED SOLD_OUT']);
      const change = { kind: 'stock', commandId: 'more', itemId: 'shoe', delta: 10 } as const;
      await connection.adjust(3, 0, [{ offset: 0, change }]);
      expect(await decide(ask(order('a', { amount: 4 })))).toEqual(['known FAILED SOLD_OUT']);
    });

    it('decides a batch in its order, on the stock that the orders before have left', async () => {
      const asked = ['a', 'b', 'c'].map((key) => ask(order(key, { amount: 2 })));
      expect(await decide(...asked)).toEqual(['new RESERVED', 'new FAILED SOLD_OUT', 'new FAILED SOLD_OUT']);
    });

    it('decides one key once within a batch', async () => {
      expect(await decide(ask(order('a')), ask(order('a')))).toEqual(['new RESERVED', 'known RESERVED']);
      expect(await stockOf('shoe')).toEqual([3, 2, 1, 0]);
    });

    it.each([{ amount: 2 }, { userId: 'bob' }, { itemId: 'shirt' }])(
      'calls the same key with %p a conflict',
      async (other) => {
        await decide(ask(order('a')));
        expect(await decide(ask(order('a', other)))).toEqual(['conflict']);
        expect(await stockOf('shoe')).toEqual([3, 2, 1, 0]);
      },
    );

    it('sells what is paid and gives back what is not, once', async () => {
      const [paid, unpaid] = [order('a', { amount: 2 }), order('b')];
      await decide(ask(paid), ask(unpaid));
      await complete(paid);
      await complete(paid);
      await fail(unpaid);
      await fail(unpaid);
      expect(await stockOf('shoe')).toEqual([3, 1, 0, 2]);
    });

    it('does not change a settled order', async () => {
      await decide(ask(order('a')));
      await complete(order('a'));
      expect(await fail(order('a'))).toMatchObject([
        {
          kind: 'settled',
          emitted: false,
          record: { state: 'COMPLETED', paymentId: 'pay-1', order: order('a') },
        },
      ]);
    });

    it('settles nothing that was never decided', async () => {
      expect(await complete(order('never'))).toEqual([{ kind: 'missing' }]);
    });

    it('remembers that an outcome is in the log', async () => {
      await decide(ask(order('a')), ask(order('b')));
      await complete(order('a'));
      await connection.emitted(3, ['a', 'b'], memory.recordTtlMs);
      expect(await decide(ask(order('a')), ask(order('b')))).toEqual(['emitted COMPLETED', 'known RESERVED']);
    });

    it('says that an item is unknown, and refuses it only when its stock cannot be late', async () => {
      const shirt = order('a', { itemId: 'shirt' });
      expect(await decide(ask(shirt))).toEqual(['unknown-item']);
      expect(await decide(ask(shirt, { stockIsCurrent: true }))).toEqual(['new FAILED UNKNOWN_ITEM']);
    });

    it('refuses what was asked while the item was off sale, known or not, and takes nothing for it', async () => {
      expect(await decide(ask(order('a')), ask(order('b'), { isOffSale: true }))).toEqual([
        'new RESERVED',
        'new FAILED SALE_CLOSED',
      ]);
      expect(await decide(ask(order('a'), { isOffSale: true }), ask(order('b')))).toEqual([
        'known RESERVED',
        'known FAILED SALE_CLOSED',
      ]);
      const shirt = order('c', { itemId: 'shirt' });
      expect(await decide(ask(shirt, { isOffSale: true }))).toEqual(['new FAILED SALE_CLOSED']);
      expect(await stockOf('shoe')).toEqual([3, 2, 1, 0]);
    });

    it('refuses what is older than the horizon', async () => {
      expect(await decide(ask(order('a'), { appendedAtMs: now - day - 60_000 }))).toEqual([
        'new FAILED EXPIRED',
      ]);
    });

    it('refuses poison under its key, unless the key is decided', async () => {
      await decide(ask(order('a')));
      expect(await decide(ask('poison'), ask('a'))).toEqual(['new FAILED UNPROCESSABLE', 'known RESERVED']);
      expect(await decide(ask(order('poison')))).toEqual(['conflict']);
    });

    it('is unsure of a key that it may have forgotten, until the log was asked', async () => {
      const runId = await connection.serverRunId();
      await connection.close(3, runId);
      await connection.open(3, runId, opening({ rememberedSinceMs: now - day - 60_000 }));
      expect(await decide(ask(order('a')), ask('poison'))).toEqual(['unsure', 'unsure']);
      expect(await decide(ask(order('a'), { absentThroughMs: now - day - 60_000 }))).toEqual(['unsure']);
      expect(await decide(ask(order('a'), { absentThroughMs: now }))).toEqual(['new RESERVED']);
      expect(await decide(ask(order('a')))).toEqual(['known RESERVED']);
    });

    it('counts a buyer’s units over all orders, held and bought, and checks the limit before the stock', async () => {
      const limit = { kind: 'limit', commandId: 'limit', itemId: 'shoe', unitsMax: 2 } as const;
      await connection.adjust(3, 0, [{ offset: 0, change: limit }]);
      expect(await decide(ask(order('a')))).toEqual(['new RESERVED']);
      await complete(order('a'));
      expect(await decide(ask(order('b')), ask(order('c', { amount: 9 })))).toEqual([
        'new RESERVED',
        'new FAILED LIMIT_EXCEEDED',
      ]);
      await fail(order('b'));
      expect(await decide(ask(order('d')), ask(order('e', { userId: 'bob' })))).toEqual([
        'new RESERVED',
        'new RESERVED',
      ]);
      const lifted = { kind: 'limit', commandId: 'lift', itemId: 'shoe', unitsMax: null } as const;
      await connection.adjust(3, 0, [{ offset: 1, change: lifted }]);
      expect(await decide(ask(order('f', { amount: 9 })))).toEqual(['new FAILED SOLD_OUT']);
    });

    it('records why it refused: what is left, what the buyer holds, what the payment said', async () => {
      const limit = { kind: 'limit', commandId: 'limit', itemId: 'shoe', unitsMax: 2 } as const;
      await decide(ask(order('a', { amount: 2 })));
      await fail(order('a', { amount: 2 }));
      await decide(ask(order('b', { amount: 4 })), ask(order('c', { amount: 2 })));
      await connection.adjust(3, 0, [{ offset: 0, change: limit }]);
      await decide(ask(order('d', { amount: 1 })));
      const asked = [order('a', { amount: 2 }), order('b', { amount: 4 }), order('d')].map((it) => ask(it));
      const answers = await connection.decide(3, asked, memory);
      const details = answers === 'stale' ? [] : answers.map((it) => 'record' in it && it.record);
      expect(details).toMatchObject([
        { reason: 'PAYMENT', detail: 'declined: a|b' },
        { reason: 'SOLD_OUT', detail: 'asked for 4, 3 left' },
        { reason: 'LIMIT_EXCEEDED', detail: 'asked for 1, holds 2 of at most 2' },
      ]);
    });

    it('applies an adjustment once, by offset and by command, and finds a gap', async () => {
      const add = (commandId: string) => ({ kind: 'stock', commandId, itemId: 'shirt', delta: 5 }) as const;
      expect(await connection.adjust(3, 7, [{ offset: 0, change: add('one') }])).toEqual({
        kind: 'applied',
        next: 1,
      });
      expect(
        await connection.adjust(3, 7, [
          { offset: 0, change: add('one') },
          { offset: 1, change: { kind: 'skip' } },
          { offset: 2, change: add('one') },
          { offset: 3, change: add('two') },
        ]),
      ).toEqual({ kind: 'applied', next: 4 });
      expect(await stockOf('shirt')).toEqual([10, 10, 0, 0]);
      expect(await connection.adjust(3, 7, [{ offset: 5, change: add('three') }])).toEqual({
        kind: 'gap',
        next: 4,
      });
      expect((await connection.adjusted(3)).get(7)).toBe(4);
    });

    it('does nothing for another epoch, nor while it is closed', async () => {
      const runId = await connection.serverRunId();
      const nothing = async (epoch: number) =>
        Promise.all([
          connection.decide(epoch, [ask(order('a'))], memory),
          complete(order('a')).then(() => connection.settle(epoch, [])),
          connection.emitted(epoch, ['a'], 1),
          connection.adjust(epoch, 0, []),
          connection.audit(epoch),
        ]);
      expect(await nothing(2)).toEqual(['stale', 'stale', 'stale', 'stale', 'stale']);
      expect(await connection.close(4, runId)).toBe(true);
      expect(await nothing(3)).toEqual(['stale', 'stale', 'stale', 'stale', 'stale']);
      expect(await nothing(4)).toEqual(['stale', 'stale', 'stale', 'stale', 'stale']);
    });

    it('belongs to the newest generation that took it', async () => {
      const runId = await connection.serverRunId();
      expect(await connection.close(5, runId)).toBe(true);
      expect(await connection.close(4, runId)).toBe(false);
      expect(await connection.loadItems(4, [], [])).toBe('stale');
      expect(await connection.loadOrders(4, [])).toBe('stale');
      expect(await connection.loadCommandIds(4, ['x'])).toBe('stale');
      expect(await connection.open(4, runId, opening())).toBe(false);
      expect(await connection.open(5, 'another server', opening())).toBe(false);
      expect(await connection.open(5, runId, opening())).toBe(true);
      expect(await connection.open(5, runId, opening())).toBe(false);
      expect(await connection.loadItems(5, [], [])).toBe('stale');
      expect(await connection.current()).toMatchObject({
        epoch: 5,
        open: true,
        runId,
        startedEpochs: [{ epoch: 3, startedAtMs: 1 }],
      });
    });

    it('starts a generation with what was loaded: stock, units, decisions and commands', async () => {
      const runId = await connection.serverRunId();
      await connection.close(9, runId);
      const item = { itemId: 'shoe', total: 5, available: 3, reserved: 0, sold: 2, unitsMax: 2 };
      await connection.loadItems(9, [item], []);
      await connection.loadItems(9, [], [{ itemId: 'shoe', userId: 'ann', units: 2 }]);
      await connection.loadCommandIds(9, ['seed']);
      const failed = {
        state: 'FAILED',
        atMs: now,
        key: 'no',
        order: undefined,
        reason: 'UNPROCESSABLE',
        detail: 'línea uno|2',
      } as const;
      const completed = { state: 'COMPLETED', atMs: now, order: order('yes'), paymentId: 'p|1' } as const;
      await connection.loadOrders(9, [
        { record: failed, keepForMs: day },
        { record: completed, keepForMs: day },
      ]);
      await connection.open(9, runId, opening({ adjusted: new Map([[2, 7]]) }));
      const again = { kind: 'stock', commandId: 'seed', itemId: 'shoe', delta: 5 } as const;
      expect(await connection.adjust(9, 2, [{ offset: 7, change: again }])).toEqual({
        kind: 'applied',
        next: 8,
      });
      expect(await connection.audit(9)).toEqual([item]);
      expect(await connection.decide(9, [ask(order('yes')), ask('no'), ask(order('new'))], memory)).toEqual([
        { kind: 'decided', isNew: false, emitted: true, record: completed },
        { kind: 'decided', isNew: false, emitted: true, record: failed },
        {
          kind: 'decided',
          isNew: true,
          emitted: false,
          record: expect.objectContaining({ state: 'FAILED', reason: 'LIMIT_EXCEEDED', order: order('new') }),
        },
      ]);
    });

    it('forgets older generations when it is swept, and nothing else', async () => {
      const runId = await connection.serverRunId();
      await decide(ask(order('a')));
      await openAt(9, { shoe: 1 });
      await connection.sweep(9);
      expect(await connection.audit(9)).toHaveLength(1);
      await connection.close(10, runId);
      await connection.close(10, runId);
      expect((await connection.adjusted(3)).size).toBe(0);
    });

    it('lends its lease to one holder at a time', async () => {
      expect(await connection.lease('one', 60_000)).toBe(true);
      expect(await connection.lease('two', 60_000)).toBe(false);
      expect(await connection.lease('one', 1)).toBe(true);
    });

    it('lends its lease to another holder once it has run out, a renewal included', async () => {
      expect(await connection.lease('one', 100)).toBe(true);
      expect(await connection.lease('one', 60_000)).toBe(true);
      await store.wait(150);
      expect(await connection.lease('two', 60_000)).toBe(false);
      expect(await connection.lease('one', 20)).toBe(true);
      await store.wait(40);
      expect(await connection.lease('two', 60_000)).toBe(true);
    });
  });
};
