import type { Running } from '../../chassis/lifecycle';
import { readConfig } from '../../query-api/config';
import { start } from '../../query-api/start';
import { createDatabase, type TestDatabase } from '../support/database';
import { sendRaw } from './raw-http';

const token = 'operators-only';
let database: TestDatabase;
let api: Running;

beforeAll(async () => {
  database = await createDatabase();
  api = await start(
    readConfig({
      ...process.env,
      DATABASE_URL: database.url,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      DRAIN_GRACE: '0ms',
      ADMIN_TOKEN: token,
    }),
  );
}, 60_000);

afterAll(async () => {
  await api.stop();
  await database.drop();
}, 60_000);

/** What is in the database, as the database counts it. */
const contents = async (): Promise<unknown> => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select format('%s.%s', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  return rows;
};

const hostile = [
  "x'; drop table views.orders; --",
  "' or '1'='1",
  '1); select pg_sleep(60); --',
  '$1',
  '%',
  '_',
  '\\',
  '{"$gt":""}',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  'a'.repeat(3_000),
  '\u202e\ufffe',
  'null',
  '-1',
  '9'.repeat(40),
  '1e309',
  'NaN',
];

const places: readonly (readonly [name: string, path: (text: string) => string])[] = [
  ['an order', (text) => `/orders/${text}`],
  ['a timeline', (text) => `/orders/${text}/timeline`],
  ['a wait', (text) => `/orders/x?wait=${text}`],
  ['a position', (text) => `/orders/x?position=${text}`],
  ['a user', (text) => `/users/${text}/orders`],
  ['a cursor', (text) => `/users/x/orders?cursor=${text}`],
  ['a limit', (text) => `/users/x/orders?limit=${text}`],
  ['an item', (text) => `/items/${text}`],
  ['items', (text) => `/items?cursor=${text}&limit=${text}`],
  ['totals', (text) => `/totals?from=${text}`],
  ['dead letters', (text) => `/admin/dlq?reason=${text}&cursor=${text}&limit=${text}`],
  ['a dead letter', (text) => `/admin/dlq/${text}`],
];

describe('a question that is meant as a statement', () => {
  it.each(places)('in %s is a text like any other', async (_, path) => {
    const before = await contents();
    await Promise.all(
      hostile.map(async (text) => {
        const startedAtMs = performance.now();
        const answer = await fetch(`${api.url}${path(encodeURIComponent(text))}`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        const said = (await answer.text()).replaceAll(text, '');
        expect([200, 400, 404, 414]).toContain(answer.status);
        expect(said).not.toMatch(/syntax error|select |pg_|at .*\.js:\d+/i);
        expect(answer.headers.get('content-type')).toMatch(/json/);
        // pg_sleep(60) would show.
        expect(performance.now() - startedAtMs).toBeLessThan(30_000);
      }),
    );
    expect(await contents()).toEqual(before);
  });

  it('that repeats a parameter, or makes an object of it, gets no other type through', async () => {
    for (const query of [
      'wait=1ms&wait=2ms',
      'wait[a]=1ms',
      'wait[]=1ms',
      '__proto__[x]=1',
      'constructor=1',
    ]) {
      const { status } = await fetch(`${api.url}/orders/x?${query}`);
      expect([200, 400, 404]).toContain(status);
    }
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('what only operators may see', () => {
  it.each([
    '/admin/dlq',
    '/admin/dlq/',
    '/Admin/DLQ',
    '//admin/dlq',
    '/admin//dlq',
    '/admin/%64lq',
    '/items/../admin/dlq',
    '/admin/dlq?access_token=operators-only',
  ])('is not at %s without the token', async (target) => {
    const answer = await sendRaw(api.url, [
      `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Original-URL: /livez\r\n\r\n`,
    ]);
    expect([400, 401, 404]).toContain(answer.statuses[0]);
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer operators-onl',
    'Bearer operators-only2',
    'bearer: operators-only',
    'Basic b3BlcmF0b3JzLW9ubHk=',
    'Bearer null',
  ])('is not shown for the header Authorization: %s', async (authorization) => {
    const answer = await sendRaw(api.url, [
      `GET /admin/dlq HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`,
    ]);
    expect(answer.statuses).toEqual([401]);
    expect(answer.text).not.toContain(token);
  });
});
