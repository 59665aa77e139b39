import type { MemoryLog } from '../../chassis/kafka/memory-log';
import { InfrastructureError } from '../../chassis/kafka/log';
import { viewsToday } from '../../migrations/views/today';
import type { ViewSchema } from '../../migrations/views/view-shape';
import { readRebuildFigures } from '../../query-api/rebuild-figures';
import type { TestDatabase } from '../../tests/support/database';
import { createOrdersWorld, type OrdersWorld } from '../../tests/views/orders-world';
import { readViews } from '../../tests/views/view-contents';
import { describeLag, readLag } from './lag';
import { StalledError } from './rebuilder';
import { readStatus } from './status';

let database: TestDatabase;
let log: MemoryLog;
let rebuildOf: OrdersWorld['rebuildOf'];
let append: OrdersWorld['append'];
let foldLive: OrdersWorld['foldLive'];

beforeEach(async () => {
  ({ database, log, rebuildOf, append, foldLive } = await createOrdersWorld());
});
afterEach(async () => {
  await database.drop();
});

/** Every byte that readers could see. */
const contents = async (): Promise<string> => {
  const { rows } = await database.pool.query<{ text: string }>(
    `select (select string_agg(o::text, e'\\n' order by request_id) from views.orders o)
       || coalesce((select string_agg(a::text, e'\\n' order by topic, partition, "offset") from views.events_set_aside a), '')
       || (select string_agg(t::text, e'\\n' order by t::text) from views.order_totals t) as text`,
  );
  return `${rows[0]?.text ?? ''}${JSON.stringify((await readViews(database.pool)).items)}`;
};

const done = expect.objectContaining({ kind: 'done' }) as unknown;

describe('a rebuild', () => {
  it('is built, verified and switched, and holds what the live view held', async () => {
    await append(300);
    await foldLive();
    const before = await contents();
    expect(await rebuildOf().start()).toEqual(done);
    expect(await rebuildOf().verify()).toEqual(done);
    expect(await rebuildOf().switch(false)).toEqual(done);
    expect(await contents()).toBe(before);
    await append(20, 300);
    await foldLive();
    expect(Object.keys((await readViews(database.pool)).orders)).toHaveLength(320);
  });

  it('gives byte-equal views back after every view table was dropped', async () => {
    await append(200);
    await foldLive();
    const before = await contents();
    for (const table of viewsToday.orders.tables) await database.pool.query(`drop table views.${table}`);
    expect(await rebuildOf().start()).toEqual(done);
    expect(await rebuildOf().verify()).toMatchObject({
      kind: 'done',
      summary: expect.stringContaining('no live view') as unknown,
    });
    expect(await rebuildOf().switch(false)).toEqual(done);
    expect(await contents()).toBe(before);
    await append(10, 200);
    await foldLive();
    expect(Object.keys((await readViews(database.pool)).orders)).toHaveLength(210);
  });

  it('gives a view that holds orders a shape with a table more, compared with the shape before it', async () => {
    await append(200);
    await foldLive();
    const before = await contents();
    const { orders } = viewsToday;
    const shape = {
      ...orders,
      version: orders.version + 1,
      tables: [...orders.tables, 'order_notes'] as const,
      create: (schema: ViewSchema) => [
        ...orders.create(schema),
        `create table ${schema}.order_notes (note text)`,
      ],
    };
    const next = () => rebuildOf({ shape });
    expect(await next().start()).toEqual(done);
    expect(await next().verify()).toMatchObject({
      summary: expect.stringContaining('are equal') as unknown,
    });
    expect(await next().switch(false)).toEqual(done);
    expect(await contents()).toBe(before);
    const { rows } = await database.pool.query(
      `select to_regclass('views.order_notes') is not null as is_new,
         (select count(*)::int from views_previous.orders) as former`,
    );
    expect(rows).toEqual([{ is_new: true, former: 200 }]);
  });

  it('goes on when a crash of PostgreSQL undid its last batches', async () => {
    await append(12_000);
    await foldLive();
    const inner = log.reader();
    let isUndone = false;
    const read: typeof inner.read = (options) =>
      inner.read({
        ...options,
        onRecords: async (records) => {
          await options.onRecords(records);
          if (isUndone) return;
          isUndone = true;
          const tables = orders.tables.map((table) => `views_next.${table}`).join(', ');
          await database.pool.query(`truncate ${tables}`);
        },
      });
    const { orders } = viewsToday;
    expect(await rebuildOf({ reader: { ...inner, read } }).start()).toEqual(done);
    expect(isUndone).toBe(true);
    expect(await rebuildOf().verify()).toEqual(done);
  });

  it('of an empty log finishes', async () => {
    expect(await rebuildOf().start()).toEqual(done);
    expect(await rebuildOf().verify()).toEqual(done);
    expect(await rebuildOf().switch(false)).toEqual(done);
  });

  it('refuses a log whose beginning is gone, and changes nothing', async () => {
    await append(10);
    await foldLive();
    expect(await rebuildOf({ low: 3 }).start()).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('LOG_TRUNCATED') as unknown,
    });
    const status = await readStatus(database.pool, viewsToday.orders, Date.now());
    expect(status.state).toBe('NONE');
  });

  it('tells by partition how far the live view and the built one are behind the log', async () => {
    await append(10);
    await foldLive();
    await append(20, 10);
    const lag = (admin = log.admin()) =>
      readLag(
        { pool: database.pool, admin, reader: log.reader(), nowMs: Date.now() + 60_000 },
        viewsToday.orders,
      );
    const minute = { events: 10, seconds: expect.closeTo(60, -1) as unknown };
    const place = { topic: 'order-requests', partition: 0 };
    expect((await lag())?.[0]).toEqual({ ...place, live: minute, built: null });
    expect(await rebuildOf().start()).toEqual(done);
    expect((await lag())?.[0]).toEqual({ ...place, live: minute, built: minute });
    await foldLive();
    const level = await lag();
    expect(level?.[0]).toEqual({ ...place, live: { events: 0, seconds: 0 }, built: minute });
    expect(describeLag(level)[0]).toMatch(/order-requests:0 live 0 events; built 10 events, \d+(\.\d)? s$/);
    const away = { ...log.admin(), ends: () => Promise.reject(new InfrastructureError('no broker')) };
    expect(await lag(away)).toBeNull();
  });

  it('goes on where an interrupted one stopped', async () => {
    await append(3_000);
    await foldLive();
    const interrupt = new AbortController();
    const real = log.reader();
    const stopping = rebuildOf({
      signal: interrupt.signal,
      reader: {
        read: async (options) => {
          const read = await real.read({
            ...options,
            onRecords: async (records) => {
              await options.onRecords(records);
              interrupt.abort();
            },
          });
          return read;
        },
      },
    });
    await expect(stopping.start()).rejects.toThrow();
    const { rows } = await database.pool.query<{ built: number }>(
      'select coalesce(sum(next), 0)::int as built from views_next.order_offsets',
    );
    expect(rows[0]?.built).toBeGreaterThan(0);
    const froms: number[] = [];
    const watched = rebuildOf({
      reader: {
        read: (options) => {
          froms.push(...(options.from?.values() ?? []));
          return real.read(options);
        },
      },
    });
    expect(await watched.start()).toEqual(done);
    expect(Math.max(...froms)).toBeGreaterThan(0);
    expect(await rebuildOf().verify()).toEqual(done);
  });

  it('retries when the log cannot be read for a while', async () => {
    await append(50);
    await foldLive();
    const real = log.reader();
    let failures = 2;
    const flaky = rebuildOf({
      reader: {
        read: async (options) => {
          failures -= 1;
          if (failures >= 0) throw new InfrastructureError('no broker');
          return real.read(options);
        },
      },
    });
    expect(await flaky.start()).toEqual(done);
  });

  it('is stalled when nobody answers, and goes on when it is started again', async () => {
    await append(50);
    await foldLive();
    const silent = { read: () => new Promise<never>(() => undefined) };
    await expect(rebuildOf({ reader: silent, stalledAfterMs: 300 }).start()).rejects.toThrow(StalledError);
    const nowMs = Date.now();
    const status = await readStatus(database.pool, viewsToday.orders, nowMs);
    expect(status).toMatchObject({ state: 'STALLED', is_at_work: false });
    const shown = (await readRebuildFigures(database.pool, nowMs)).find(({ view }) => view === 'orders');
    expect(shown).toMatchObject({ state: 'STALLED', is_at_work: false });
    expect(await rebuildOf().start()).toEqual(done);
  });

  it('is refused while another one of the view is at work', async () => {
    await append(50);
    await foldLive();
    const real = log.reader();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let entered: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const slow = rebuildOf({
      reader: {
        read: async (options) => {
          entered();
          await held;
          return real.read(options);
        },
      },
    });
    const first = slow.start();
    await begun;
    expect(await rebuildOf().start()).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('at work') as unknown,
    });
    release();
    expect(await first).toEqual(done);
  });

  it('is not switched when a row differs, and says which', async () => {
    await append(30);
    await foldLive();
    await rebuildOf().start();
    await database.pool.query(`update views.orders set amount = 999 where request_id = 'order-7'`);
    const verified = await rebuildOf().verify();
    expect(verified).toMatchObject({ kind: 'different' });
    expect(JSON.stringify(verified)).toContain('order-7');
    expect(await rebuildOf().switch(false)).toMatchObject({ kind: 'refused' });
    expect(await rebuildOf().switch(true)).toEqual(done);
    expect((await readViews(database.pool)).orders['order-7']?.amount).toBe(2);
  });

  it('rolls back to the former view, brought up to date', async () => {
    await append(40);
    await foldLive();
    await rebuildOf().start();
    await rebuildOf().verify();
    await rebuildOf().switch(false);
    await append(15, 40);
    await foldLive();
    const before = await contents();
    expect(await rebuildOf().rollback()).toEqual(done);
    expect(await contents()).toBe(before);
    await append(5, 55);
    await foldLive();
    expect(Object.keys((await readViews(database.pool)).orders)).toHaveLength(60);
    expect(await rebuildOf().drop()).toEqual(done);
  });

  it('fails no read and shows no order going back while it is switched under writes', async () => {
    await append(400);
    await foldLive();
    await rebuildOf().start();
    await rebuildOf().verify();
    const stop = new AbortController();
    let reads = 0;
    const seen = new Map<string, string>();
    const readForEver = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const { rows } = await database.pool.query<{ request_id: string; status: string; next: number }>({
          name: 'reads',
          text: `select o.request_id, o.status, p.next from views.order_offsets p, views.orders o
            where p.topic = 'order-requests' and p.partition = 0 and o.request_id = any ($1)`,
          values: [[`order-${reads % 400}`, `order-${(reads * 7) % 400}`]],
        });
        for (const { request_id: id, status } of rows) {
          if (seen.get(id) === 'COMPLETED') expect(status).toBe('COMPLETED');
          seen.set(id, status);
        }
        expect(rows.length).toBeGreaterThan(0);
        reads += 1;
      }
    };
    const writeForEver = async (): Promise<void> => {
      for (let from = 400; !stop.signal.aborted; from += 5) {
        await append(5, from);
        await foldLive();
      }
    };
    const traffic = Promise.all([readForEver(), readForEver(), writeForEver()]);
    const failed = traffic.catch((error: unknown) => error);
    for (let round = 0; round < 3; round += 1) {
      expect(await rebuildOf().switch(true)).toEqual(done);
      expect(await rebuildOf().rollback()).toEqual(done);
      expect(await rebuildOf().start()).toEqual(done);
    }
    stop.abort();
    expect(await failed).not.toBeInstanceOf(Error);
    expect(reads).toBeGreaterThan(20);
  });
});
