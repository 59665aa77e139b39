import { InfrastructureError } from '../../chassis/kafka/log';
import { viewsToday } from '../../migrations/views/today';
import { eventually } from '../../tests/support/eventually';
import { createOrdersWorld, type OrdersWorld } from '../../tests/views/orders-world';

let world: OrdersWorld;

beforeEach(async () => {
  world = await createOrdersWorld();
  await world.append(30);
  await world.foldLive();
});
afterEach(async () => {
  await world.database.drop();
});

const anotherVersion = { kind: 'refused', why: expect.stringContaining('another version') as unknown };
const done = expect.objectContaining({ kind: 'done' }) as unknown;

/** What happens once while the switch holds the writers. */
const whileHeld = (happen: () => Promise<void>) => {
  let hasHappened = false;
  return async (): Promise<void> => {
    const isHeld = (await holders()).length > 0;
    if (hasHappened || !isHeld) return;
    hasHappened = true;
    await happen();
  };
};
const holders = async (): Promise<readonly number[]> => {
  const { rows } = await world.database.pool.query<{ pid: number }>(
    `select pid from pg_locks where relation = 'views.order_offsets'::regclass and mode = 'ExclusiveLock' and granted`,
  );
  return rows.map(({ pid }) => pid);
};

describe('a switch', () => {
  it('is switched at the next attempt when the broker falls silent while writers stand still', async () => {
    await world.rebuildOf().start();
    await world.rebuildOf().verify();
    const silence = jest.fn(() => new Promise<never>(() => undefined));
    const beganAtMs = performance.now();
    expect(await world.rebuildOf({ beforeRanges: whileHeld(silence) }).switch(false)).toEqual(done);
    expect(silence).toHaveBeenCalledTimes(1);
    expect(performance.now() - beganAtMs).toBeLessThan(5_000);
  });

  it('says why a switch failed when its session is gone as well', async () => {
    await world.rebuildOf().start();
    await world.rebuildOf().verify();
    const beforeRanges = whileHeld(async () => {
      await world.database.pool.query('select pg_terminate_backend($1)', [(await holders())[0]]);
      throw new InfrastructureError('no broker');
    });
    await expect(world.rebuildOf({ beforeRanges }).switch(false)).rejects.toThrow('no broker');
    expect(await world.rebuildOf().switch(false)).toEqual(done);
  });

  it('is refused by a release that writes another version than stands beside the live view', async () => {
    const { orders } = viewsToday;
    const next = { shape: { ...orders, version: orders.version + 1 } };
    expect(await world.rebuildOf(next).start()).toEqual(done);
    expect(await world.rebuildOf(next).verify()).toEqual(done);
    expect(await world.rebuildOf().verify()).toEqual(anotherVersion);
    expect(await world.rebuildOf().switch(true)).toEqual(anotherVersion);
    expect(await world.rebuildOf(next).switch(false)).toEqual(done);
  });

  it('is never of tables that a start made and died over', async () => {
    const { orders } = viewsToday;
    const former = { shape: { ...orders, version: orders.version - 1 } };
    expect(await world.rebuildOf(former).start()).toEqual(done);
    expect(await world.rebuildOf(former).verify()).toEqual(done);
    const clock = () => {
      throw new Error('died');
    };
    await expect(world.rebuildOf({ clock }).start()).rejects.toThrow('died');
    // The lock of the one that died is free once the server has noticed.
    await eventually(async () => expect(await world.rebuildOf().switch(true)).toEqual(anotherVersion));
    expect(await world.rebuildOf().start()).toEqual(done);
  });
});
