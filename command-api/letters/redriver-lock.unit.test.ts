import { EventEmitter } from 'node:events';
import type { Pool } from 'pg';
import { RedriverLock } from './redriver-lock';

/** A pool whose clients are told apart by who got them, and which knows what was given back. */
const createPool = (): {
  readonly db: Pool;
  readonly clients: EventEmitter[];
  readonly out: () => number;
} => {
  const clients: EventEmitter[] = [];
  const released = new Set<EventEmitter>();
  const connect = async (): Promise<unknown> => {
    const client = new EventEmitter();
    clients.push(client);
    return Object.assign(client, {
      query: async () => ({ rows: [{ locked: true }] }),
      release: () => released.add(client),
    });
  };
  return {
    db: { connect } as unknown as Pool,
    clients,
    out: () => clients.length - released.size,
  };
};

describe('the lock of redrives', () => {
  it('is kept with one client while its session lives', async () => {
    const { db, clients } = createPool();
    const lock = new RedriverLock(db);
    const first = await lock.take();
    expect(await lock.take()).toBe(first);
    expect(clients).toHaveLength(1);
  });

  it('takes another client for a lost session and gives the lost one back', async () => {
    const { db, clients, out } = createPool();
    const lock = new RedriverLock(db);
    for (let lost = 0; lost < 4; lost += 1) {
      const held = await lock.take();
      clients.at(-1)?.emit('end');
      expect(held?.aborted).toBe(true);
    }
    expect((await lock.take())?.aborted).toBe(false);
    expect(clients).toHaveLength(5);
    expect(out()).toBe(1);
    await lock.release();
    expect(out()).toBe(0);
  });
});
