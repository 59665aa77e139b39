import { kafkaConnection } from '../chassis/kafka/connection';
import type { LogRecord, NewRecord } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import { readRedrive } from '../schemas/dead-letter';
import { createEventCodec } from '../schemas/event-codec';
import { topics } from '../schemas/topics';
import { openApiDocument } from '../command-api/openapi-document';
import { openApiDocument as queryDocument } from '../query-api/openapi-document';
import { eventually } from './support/eventually';
import { createCheckAnswer } from './support/openapi-check';
import { startSystem, type TestSystem } from './support/system';

/** Few in `make test`; `make test-letters` runs it with 10,000 at 500 a second. */
const ofEachKind = Math.floor(Number(process.env['LETTERS'] ?? '300') / 3);
const ratePerSecond = Number(process.env['LETTERS_RATE'] ?? '100');
const all = ofEachKind * 3;
const patience = { withinMs: 120_000, everyMs: 250 };
const item = 'shoe-of-letters';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ PAYMENT_DECLINE_RATE: '0' });
}, 180_000);
afterAll(async () => {
  await system.stop();
}, 60_000);

type Body = Readonly<Record<string, unknown>>;

const checkQuery = createCheckAnswer(queryDocument('none'));
const checkCommand = createCheckAnswer(openApiDocument('none'));

const call = async (
  method: string,
  url: string,
  body?: Body,
): Promise<{ status: number; headers: Headers; body: Body }> => {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${system.adminToken}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(30_000),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer = { status: response.status, headers: response.headers, text: await response.text() };
  const check = url.startsWith(system.queryUrl) ? checkQuery : checkCommand;
  const problems = check(method, new URL(url).pathname, answer);
  if (problems.length > 0) throw new Error(`${method} ${url}: ${problems.join('; ')}: ${answer.text}`);
  return { ...answer, body: JSON.parse(answer.text) as Body };
};

const ask = async (path: string): Promise<Body> => (await call('GET', `${system.queryUrl}${path}`)).body;
const command = (verb: string, body: Body) => call('POST', `${system.commandUrl}/commands/${verb}`, body);

const connection = () =>
  kafkaConnection({ brokers: system.infrastructure.variables.KAFKA_BROKERS.split(','), clientId: 'partner' });

/** Three kinds, mixed: refused under its key, readable and without a key, and neither. */
const letterOf = (encode: (requestId: string) => Buffer, kind: number, index: number): NewRecord => {
  const record = { topic: topics.orderRequests.name, partition: index % 8 };
  if (kind === 0) return { ...record, key: `poison-${index}`, value: Buffer.from('no event') };
  if (kind === 1) return { ...record, key: null, value: encode(`lost-${index}`) };
  return { ...record, key: null, value: Buffer.from('no event either') };
};

const park = async (letters: number): Promise<void> => {
  const codec = await createEventCodec({
    registryUrl: system.infrastructure.variables.SCHEMA_REGISTRY_URL,
    topics: [topics.orderRequests],
  });
  const encode = (requestId: string): Buffer =>
    codec.encode(topics.orderRequests.name, {
      type: 'OrderRequested',
      request_id: requestId,
      user_id: requestId,
      item_id: item,
      amount: 1,
      requested_at: 1,
      sales_channel: null,
    });
  const producer = await createLogProducer(connection());
  const records = Array.from({ length: letters }, (_, index) => letterOf(encode, index % 3, index));
  const outcomes = await producer.sendAll(records);
  await producer.stop(5_000);
  expect(outcomes.filter(({ kind }) => kind !== 'acked')).toEqual([]);
};

const countAll = async (query: string): Promise<number> => {
  let found = 0;
  let cursor: string | null = '';
  for (; cursor !== null;) {
    const page = await ask(`/admin/dlq?${query}&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
    found += (page['letters'] as unknown[]).length;
    cursor = page['next_cursor'] as string | null;
  }
  return found;
};

/** Letters by how often a redriven record of theirs stands in the log. */
const redriven = async (commandId: string): Promise<ReadonlyMap<string, number>> => {
  const times = new Map<string, number>();
  await createLogReader(connection()).read({
    topic: topics.orderRequests.name,
    onRecords: (records: readonly LogRecord[]) => {
      for (const record of records) {
        const redrive = readRedrive(record.headers);
        if (redrive?.commandId !== commandId) continue;
        const id = JSON.stringify(redrive.letter);
        times.set(id, (times.get(id) ?? 0) + 1);
      }
    },
  });
  return times;
};

describe(`${all} letters of three kinds`, () => {
  let planId: unknown;

  it('are listed by reason, with groups that count them', async () => {
    await command('adjust-stock', { item_id: item, delta: ofEachKind, reason: 'test', command_id: 'stock' });
    await park(all);
    await eventually(async () => {
      const { groups } = (await ask('/admin/dlq/groups')) as { groups: Body[] };
      expect(groups.map(({ reason, letters, open }) => [reason, letters, open]).sort()).toEqual([
        ['KEY_MISMATCH', ofEachKind, ofEachKind],
        ['NOT_FRAMED', 2 * ofEachKind, 2 * ofEachKind],
      ]);
    }, patience);
    expect(await countAll('reason=KEY_MISMATCH&state=PARKED')).toBe(ofEachKind);
    expect(await countAll(`item=${item}`)).toBe(ofEachKind);
    const { groups } = (await ask('/admin/dlq/groups')) as { groups: Body[] };
    for (const { group, letters } of groups) expect(await countAll(`group=${String(group)}`)).toBe(letters);
    expect(await countAll('topic=order-requests')).toBe(all);
    expect(await countAll('topic=stock-adjustments')).toBe(0);
    const times = groups.flatMap(({ oldest, newest }) => [String(oldest), String(newest)]).sort();
    const [first = '', last = ''] = [times[0], times.at(-1)];
    const behind = new Date(Date.parse(last) + 1).toISOString();
    expect(await countAll(`from=${first}&to=${behind}`)).toBe(all);
    expect(await countAll(`to=${first}`)).toBe(0);
    expect(await countAll(`from=${behind}`)).toBe(0);
    const { letters } = (await ask('/admin/dlq?key=lost-1')) as { letters: Body[] };
    expect(letters).toMatchObject([{ subject: 'lost-1', key: null, state: 'PARKED', attempts: 1 }]);
    expect(await ask(`/admin/dlq/${String(letters[0]?.['id'])}`)).toMatchObject({
      decoded: { type: 'OrderRequested', request_id: 'lost-1' },
      actions: [],
    });
  }, 180_000);

  it('are frozen by a dry run that says what would become of each kind', async () => {
    await eventually(async () => {
      const { body } = await command('redrive', {
        command_id: 'look',
        filter: { item: 'nothing' },
        dry_run: true,
      });
      expect(body).toMatchObject({ letters: 0 });
      const { orders } = (await ask(`/items/${item}`)) as { orders: Body };
      expect(orders).toMatchObject({ pending: 0 });
    }, patience);
    const { status, body } = await command('redrive', { command_id: 'all', filter: {}, dry_run: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      letters: all,
      predicted: { redriven: ofEachKind, already_terminal: ofEachKind, fails_again: ofEachKind, not_open: 0 },
    });
    planId = body['plan_id'];
    await park(1);
    await eventually(async () => expect(await countAll('state=PARKED')).toBe(all + 1), patience);
    const again = await command('redrive', { command_id: 'all', filter: {}, dry_run: true });
    expect(again.body).toEqual(body);
  }, 180_000);

  it('are redriven at a rate, through the death of the process that does it: none lost, none twice', async () => {
    const startedAtMs = performance.now();
    const order = { command_id: 'go', plan_id: planId, rate: ratePerSecond, note: 'the test', actor: 'ann' };
    const accepted = await command('redrive', order);
    expect(accepted).toMatchObject({ status: 202, body: { status: 'ACCEPTED', letters: all } });
    const progress = (): Promise<Body> => ask('/admin/redrives/go');
    await eventually(async () => expect((await progress())['tried']).toBeGreaterThan(ofEachKind), patience);
    await system.process('command-api').kill('SIGKILL');
    expect(await progress()).toMatchObject({ state: 'RUNNING' });
    await system.restart('command-api');
    await eventually(async () => expect(await progress()).toMatchObject({ state: 'DONE' }), patience);
    const elapsedMs = performance.now() - startedAtMs;
    expect(elapsedMs).toBeGreaterThanOrEqual((0.9 * all * 1_000) / ratePerSecond);
    process.stderr.write(`${all} letters in ${Math.round(elapsedMs / 100) / 10} s\n`);
    await eventually(
      async () =>
        expect(await progress()).toMatchObject({
          actor: 'ann',
          letters: all,
          tried: all,
          effects: { APPENDED: ofEachKind, ALREADY_TERMINAL: ofEachKind, FAILED_AGAIN: ofEachKind },
          states: { RESOLVED: 2 * ofEachKind, FAILED_AGAIN: ofEachKind },
        }),
      patience,
    );
    const times = await redriven('go');
    expect(times.size).toBe(ofEachKind);
    expect([...times.values()].filter((count) => count !== 1)).toEqual([]);
    expect(await ask(`/items/${item}`)).toMatchObject({ sold: ofEachKind, available: 0 });
    const repeat = await command('redrive', order);
    expect(repeat.status).toBe(202);
    expect(repeat.headers.get('idempotency-replayed')).toBe('true');
    expect((await redriven('go')).size).toBe(ofEachKind);
    const other = await command('redrive', { ...order, rate: ratePerSecond + 1 });
    expect(other).toMatchObject({ status: 422, body: { error: 'PAYLOAD_MISMATCH' } });
  }, 300_000);

  it('are closed with a note; what is open is what came later, and the metrics say so after a restart', async () => {
    const refused = await command('discard', { command_id: 'bin', filter: { state: 'FAILED_AGAIN' } });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'note' }] } });
    const order = { command_id: 'bin', filter: { state: 'FAILED_AGAIN' }, note: 'a partner’s test' };
    expect(await command('discard', order)).toMatchObject({ status: 202, body: { letters: ofEachKind } });
    await eventually(async () => expect(await countAll('state=DISCARDED')).toBe(ofEachKind), patience);
    expect(await countAll('state=PARKED,FAILED_AGAIN')).toBe(1);
    await system.process('query-api').kill('SIGKILL');
    await system.restart('query-api');
    await eventually(async () => {
      const metrics = await (await fetch(`${system.queryUrl}/metrics`)).text();
      const figure = (name: string): string | undefined =>
        metrics
          .split('\n')
          .find((line) => line.startsWith(name))
          ?.split(' ')
          .at(-1);
      expect(figure('query_api_dead_letters{')).toBe('1');
      expect(figure('query_api_letters{state="RESOLVED",reason="KEY_MISMATCH"')).toBe(String(ofEachKind));
      expect(figure('query_api_letters{state="DISCARDED",reason="NOT_FRAMED"')).toBe(String(ofEachKind));
    }, patience);
  }, 180_000);
});
