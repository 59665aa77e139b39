import { readSamples, most, stateOf, sum } from '../../chassis/metric-samples';
import { parseVariables, readSettings } from '../settings';
import { frameLines } from '../top/frame';
import { readNews } from '../top/read-stream';
import type { Snapshot } from '../top/snapshot';
import { bar, duration } from './figures';
import { itemLines } from './items';
import { orderLines, type TimelineEvent } from './order';
import { coloured, harmless, plain, widthOf } from './paint';
import { table } from './table';

const event: TimelineEvent = {
  type: 'OrderRequested',
  at: '2026-05-01T12:00:00.100Z',
  appended_at: '2026-05-01T12:00:00.123Z',
  topic: 'order-requests',
  partition: 3,
  offset: 120,
  effect: 'applied',
  status: 'PENDING',
  detail: null,
  user_id: 'ann',
  item_id: 'shoe',
  amount: 2,
  epoch: null,
  payment_id: null,
};
const completed: TimelineEvent = {
  ...event,
  type: 'OrderCompleted',
  appended_at: '2026-05-01T12:00:00.135Z',
  topic: 'order-outcomes',
  status: 'COMPLETED',
  epoch: 4,
  payment_id: 'p1',
};
const order = {
  request_id: 'r1',
  user_id: 'ann',
  item_id: 'shoe',
  amount: 2,
  status: 'COMPLETED',
  correlation_id: 'c1',
};

describe('an order in text', () => {
  it('draws its events with the time between them and their places in the log', () => {
    expect(orderLines(order, [event, completed], plain)).toEqual([
      'r1  COMPLETED',
      'ann, 2 of shoe, correlation c1',
      '',
      '2026-05-01 12:00:00.123 *  OrderRequested  order-requests:3:120',
      '                        |  ann, 2 of shoe',
      '                        |  +12 ms',
      '2026-05-01 12:00:00.135 *  OrderCompleted  order-outcomes:3:120',
      '                        |  COMPLETED, epoch 4, payment p1',
    ]);
  });

  it('says what changed nothing, and why', () => {
    const lines = orderLines(order, [{ ...completed, effect: 'void' }], plain);
    expect(lines.at(-1)).toContain('it never happened');
    expect(lines[3]).toContain('o  OrderCompleted');
  });

  it('obeys no control character that a buyer wrote', () => {
    const lines = orderLines({ ...order, request_id: 'r\u001b[2J' }, [], plain);
    expect(lines[0]).toBe('r\uFFFD[2J  COMPLETED');
    expect(harmless('a\u202Eb\nc')).toBe('a\uFFFDb\uFFFDc');
  });
});

describe('a table', () => {
  it('is as wide as its widest cells, colours not counted', () => {
    const rows = [
      [coloured.bad('down'), '1'],
      ['up', '1,000'],
    ];
    const lines = table([{ title: 'state' }, { title: 'left', align: 'right' }], rows, coloured);
    expect(new Set(lines.map(widthOf))).toEqual(new Set([12]));
  });
});

describe('figures', () => {
  it('never show something as nothing, or not everything as everything', () => {
    expect(bar(1, 1_000_000, 10)).toBe('#---------');
    expect(bar(999_999, 1_000_000, 10)).toBe('#########-');
    expect(bar(0, 10, 4)).toBe('----');
    expect(bar(5, 0, 4)).toBe('----');
  });

  it('have units that fit', () => {
    expect([12, 1_500, 90_000, 7_200_000].map(duration)).toEqual(['12 ms', '1.5 s', '1 min', '2 h']);
  });
});

describe('a Prometheus page', () => {
  const samples = readSamples(
    '# HELP lag x\nlag{topic="a",partition="0"} 2\nlag{topic="a",partition="1"} 5\nstate{state="open"} 1\nstate{state="shut"} 0\nno sample\n',
  );

  it('is read as far as it is one', () => {
    expect(most(samples, 'lag')).toBe(5);
    expect(sum(samples, 'lag')).toBe(7);
    expect(stateOf(samples, 'state', 'state')).toBe('open');
    expect(most(samples, 'unknown')).toBeUndefined();
  });
});

describe('settings', () => {
  it('take options before the environment, and the environment before the usual ports', () => {
    const { addresses, adminToken } = readSettings(
      { queryApi: 'http://q/' },
      { QUERY_API_URL: 'http://other', SAGA_URL: 'http://s', ADMIN_TOKEN: 't' },
      '/nowhere',
    );
    expect(addresses).toEqual({
      queryApi: 'http://q',
      saga: 'http://s',
      commandApi: 'http://127.0.0.1:8080',
      projector: 'http://127.0.0.1:9102',
    });
    expect(adminToken).toBe('t');
  });

  it('read what `make up` wrote, quotes included', () => {
    expect(parseVariables(`A='b'\nADMIN_TOKEN='it'\\''s'\n`)).toEqual({ A: 'b', ADMIN_TOKEN: `it's` });
  });
});

describe('top', () => {
  const snapshot: Snapshot = {
    at: '2026-05-01T12:00:00.000Z',
    items: [
      {
        item_id: 'shoe',
        stocked: 10,
        sold: 5,
        pending: 1,
        available: 5,
        shortfall: 0,
        buyer_limit: null,
        orders: { pending: 1, completed: 5, failed: 2 },
      },
    ],
    oversold: 0,
    seconds: Array.from({ length: 10 }, (_, index) => ({
      at: `second ${index}`,
      accepted: 10,
      completed: 8,
      failed: { SOLD_OUT: 2 },
    })),
    latency: { p50: 12, p95: 20, p99: 30 },
    open_orders: 1,
    dead_letters: 3,
    lag_ms: 4,
    pipeline: {
      processes: [
        { name: 'command-api', state: 'up' },
        { name: 'saga', state: 'degraded' },
      ],
    },
  };
  const size = { columns: 100, rows: 40 };

  it('shows rates, lag, stock and failures by reason', () => {
    const text = frameLines({ kind: 'snapshot', snapshot }, undefined, size, plain).join('\n');
    expect(text).toMatch(/accepted\/s 10 +completed\/s 8 +failed\/s 2/);
    expect(text).toContain('lag 4 ms');
    expect(text).toContain('UTC  saga degraded  ');
    expect(text).toMatch(/shoe +#{15}-{15}/);
    expect(text).toMatch(/SOLD_OUT +#+ +20/);
  });

  it('shows the item that is oversold first, by how many units', () => {
    const [shoe] = snapshot.items;
    if (!shoe) throw new Error('there is no item');
    const hat = { ...shoe, item_id: 'hat', stocked: 10, sold: 13, available: 0, shortfall: 3, pending: 0 };
    const oversold = { ...snapshot, items: [hat, shoe] };
    const lines = frameLines({ kind: 'snapshot', snapshot: oversold }, undefined, size, coloured);
    const shown = lines.filter((line) => /hat|shoe/.test(line));
    expect(shown).toEqual([expect.stringContaining('hat'), expect.stringContaining('shoe')]);
    expect(shown[0]).toContain(coloured.bad('-3'.padStart(10)));
    expect(itemLines([hat], coloured).join()).toContain(coloured.bad('-3'));
  });

  it('fits any terminal', () => {
    for (const small of [
      { columns: 20, rows: 5 },
      { columns: 40, rows: 12 },
    ]) {
      const lines = frameLines({ kind: 'snapshot', snapshot }, undefined, small, coloured);
      expect(lines.length).toBeLessThan(small.rows);
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(small.columns);
    }
  });

  it('keeps the last figures while nobody knows newer ones, and says so', () => {
    const lines = frameLines({ kind: 'unknown', since: 'noon' }, snapshot, size, plain);
    expect(lines[0]).toBe('The views do not answer since noon.');
    expect(lines.join('\n')).toContain('shoe');
  });

  it('reads a stream that is cut anywhere', async () => {
    const text = `retry: 1000\n\nid: 1\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\nevent: unknown\ndata: {"since":"noon"}\n\n`;
    const bytes = Buffer.from(text);
    const body = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    };
    const kinds: string[] = [];
    for await (const news of readNews(body())) kinds.push(news.kind);
    expect(kinds).toEqual(['snapshot', 'unknown']);
  });
});
