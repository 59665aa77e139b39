import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InfrastructureError } from '../chassis/kafka/log';
import { startRegistryProxy, type RegistryProxy } from '../tests/support/registry-proxy';
import { temporaryFolder } from '../tests/support/temporary-folder';
import type { EventCodec } from './codec';
import { createEventCodec } from './event-codec';
import type { OrderRequested } from './events';
import { readHistory } from './history';
import { ourSchemas } from './known-ids';
import { registerSchemas } from './register';
import { createRegistryClient } from './registry-client';
import { topics, type Topic, type TopicName } from './topics';

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const client = createRegistryClient(registryUrl, 10_000);
const history = readHistory();

/** The project's topics under names of this file's own. */
const prefix = `codec-${randomUUID().slice(0, 8)}-`;
const own = (topic: Topic): Topic => ({ ...topic, name: prefix + topic.name });
const ownTopics = Object.values(topics).map(own);
const requestsTopic = (prefix + topics.orderRequests.name) as TopicName;
const stockTopic = (prefix + topics.stockAdjustments.name) as TopicName;

const requested: OrderRequested = {
  type: 'OrderRequested',
  request_id: 'r-1',
  user_id: 'u-1',
  item_id: 'i-1',
  amount: 2,
  requested_at: 1_700_000_000_000,
  sales_channel: null,
};

const folder = temporaryFolder();
let proxy: RegistryProxy;
const open = (more: Partial<Parameters<typeof createEventCodec>[0]> = {}): Promise<EventCodec> =>
  createEventCodec({ registryUrl: proxy.url, topics: ownTopics, fetchTimeoutMs: 500, ...more });

beforeAll(async () => {
  proxy = await startRegistryProxy(registryUrl);
  await registerSchemas(client, ourSchemas(ownTopics, history));
});
beforeEach(() => {
  proxy.failWith(() => undefined);
  proxy.requests.length = 0;
});
afterAll(async () => {
  await proxy.stop();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (value: Buffer): number => value.readInt32BE(1);
const notFound = {
  kind: 'answer',
  status: 404,
  body: '{"error_code":40403,"message":"Schema not found"}',
} as const;

describe('the deploy step', () => {
  test('registers each version under FULL_TRANSITIVE, and nothing the second time', async () => {
    const schemas = ourSchemas(ownTopics, history);
    const again = await registerSchemas(client, schemas);
    expect(again.map(({ kind }) => kind)).toEqual(schemas.map(() => 'present'));
    for (const { subject, version } of schemas) {
      expect(await client.compatibility(subject)).toBe('FULL_TRANSITIVE');
      expect(await client.versions(subject)).toHaveLength(history[version.eventType].length);
    }
  });

  test('is refused by the registry itself when a version breaks the contract', async () => {
    const subject = `${prefix}breaking`;
    const [v1] = history.OrderRequested;
    await client.setCompatibility(subject, 'FULL_TRANSITIVE');
    await client.register(subject, v1?.text ?? '');
    const renamed = (v1?.text ?? '').replace('"item_id"', '"sku"');
    expect(await client.register(subject, renamed)).toMatchObject({ kind: 'refused' });
  });
});

describe('the codec on a real registry', () => {
  test('writes what a foreign client reads through the registry, and reads what it writes', async () => {
    const codec = await open();
    const foreign = new SchemaRegistry({ host: registryUrl });
    const value = codec.encode(requestsTopic, requested);
    const { type, ...fields } = requested;
    expect({ type, ...((await foreign.decode(value)) as object) }).toMatchObject({ type, ...fields });
    const theirs = await foreign.encode(idOf(value), JSON.parse(JSON.stringify(await foreign.decode(value))));
    expect(codec.decode(requestsTopic, theirs)).toMatchObject({ kind: 'event', event: requested });
  });

  test('asks for each schema once at start, and for nothing while it encodes and decodes', async () => {
    const codec = await open();
    const atStart = proxy.requests.length;
    expect(atStart).toBe(ourSchemas(ownTopics, history).length);
    expect(codec.decode(requestsTopic, codec.encode(requestsTopic, requested)).kind).toBe('event');
    expect(proxy.requests).toHaveLength(atStart);
    expect(proxy.requests.filter((request) => request.endsWith('/versions'))).toEqual([]);
  });

  test('does not start before the deploy step has run, and says so', async () => {
    const elsewhere = [{ ...topics.orderRequests, name: `${prefix}never-deployed` }];
    await expect(open({ topics: elsewhere })).rejects.toMatchObject({
      name: 'ContractsError',
      problems: expect.arrayContaining([expect.stringContaining('Run the deploy step')]),
    });
  });

  test.each([
    ['down', { kind: 'reset' }],
    ['hung', { kind: 'hang' }],
    ['overloaded', { kind: 'answer', status: 503, body: 'no healthy upstream' }],
    [
      'replaced by a proxy that finds nothing',
      { kind: 'answer', status: 404, body: '<html>not found</html>' },
    ],
  ] as const)('starts from disk when the registry is %s, and only from there', async (_, fault) => {
    const cacheFile = join(folder, `${randomUUID()}.json`);
    proxy.failWith(() => fault);
    await expect(open({ cacheFile })).rejects.toBeInstanceOf(InfrastructureError);
    proxy.failWith(() => undefined);
    const value = (await open({ cacheFile })).encode(requestsTopic, requested);
    proxy.failWith(() => fault);
    proxy.requests.length = 0;
    const codec = await open({ cacheFile });
    expect(proxy.requests).toHaveLength(1);
    expect(codec.encode(requestsTopic, requested)).toEqual(value);
    expect(codec.decode(requestsTopic, value)).toMatchObject({ kind: 'event', event: requested });
  });

  test('does not start on a registry that lost its ids', async () => {
    const cacheFile = join(folder, `${randomUUID()}.json`);
    await open({ cacheFile });
    proxy.failWith(() => ({ kind: 'answer', status: 200, body: '{"id":424242}' }));
    await expect(open({ cacheFile })).rejects.toThrow('the registry was lost or replaced');
  });

  test('ignores a damaged cache file', async () => {
    const cacheFile = join(folder, `${randomUUID()}.json`);
    await open({ cacheFile });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(cacheFile, '{"registry_url": 1');
    expect((await open({ cacheFile })).encode(requestsTopic, requested)).toBeInstanceOf(Buffer);
  });
});

describe('an id not known at start', () => {
  const newerText = (history.OrderRequested.at(-1)?.text ?? '').replace(
    '"fields":[',
    '"fields":[{"name":"probe_of_this_test","type":["null","string"],"default":null},',
  );
  let newer: Buffer;
  let newerId: number;

  beforeAll(async () => {
    const answer = await client.register(`${prefix}order-requests-flashsale.OrderRequested`, newerText);
    newerId = answer.kind === 'registered' ? answer.id : -1;
    const foreign = new SchemaRegistry({ host: registryUrl });
    newer = await foreign.encode(newerId, { ...requested, probe_of_this_test: 'spring' });
  });

  test("is asked for once by many readers at once, then read into today's shape", async () => {
    const codec = await open();
    expect(codec.decode(requestsTopic, newer)).toEqual({ kind: 'unknown-schema', schemaId: newerId });
    proxy.requests.length = 0;
    await Promise.all([codec.learn(newerId), codec.learn(newerId), codec.learn(newerId)]);
    await codec.learn(newerId);
    expect(proxy.requests).toEqual([`GET /schemas/ids/${newerId}`]);
    expect(codec.decode(requestsTopic, newer)).toEqual({
      kind: 'event',
      event: requested,
      schemaId: newerId,
    });
  });

  test('is read after a restart without the registry, once it was learned', async () => {
    const cacheFile = join(folder, `${randomUUID()}.json`);
    await (await open({ cacheFile })).learn(newerId);
    proxy.failWith(() => ({ kind: 'reset' }));
    const codec = await open({ cacheFile });
    expect(codec.decode(requestsTopic, newer)).toMatchObject({ kind: 'event', event: requested });
  });

  test('is no verdict on the record while the registry does not answer', async () => {
    const codec = await open();
    for (const fault of [
      { kind: 'reset' },
      { kind: 'hang' },
      { kind: 'answer', status: 500, body: '{"error_code":50001}' },
      { kind: 'answer', status: 404, body: 'no such route' },
      { kind: 'answer', status: 200, body: 'OK' },
    ] as const) {
      proxy.failWith(() => fault);
      await expect(codec.learn(newerId)).rejects.toBeInstanceOf(InfrastructureError);
      expect(codec.decode(requestsTopic, newer).kind).toBe('unknown-schema');
    }
    proxy.failWith(() => undefined);
    await codec.learn(newerId);
    expect(codec.decode(requestsTopic, newer).kind).toBe('event');
  });

  test('is poison for 30 s once the registry says that it does not know it, then asked for again', async () => {
    let nowMs = 1_000;
    const codec = await open({ nowMs: () => nowMs });
    proxy.requests.length = 0;
    proxy.failWith((request) => (request.endsWith(`/${newerId}`) ? notFound : undefined));
    await codec.learn(newerId);
    await codec.learn(newerId);
    expect(proxy.requests).toHaveLength(1);
    expect(codec.decode(requestsTopic, newer)).toMatchObject({ kind: 'poison', reason: 'UNKNOWN_SCHEMA' });
    nowMs += 30_001;
    expect(codec.decode(requestsTopic, newer).kind).toBe('unknown-schema');
    proxy.failWith(() => undefined);
    await codec.learn(newerId);
    expect(codec.decode(requestsTopic, newer).kind).toBe('event');
  });

  test('of a record that is not allowed on the topic is poison, however well it decodes', async () => {
    const codec = await open();
    await codec.learn(newerId);
    expect(codec.decode(stockTopic, newer)).toMatchObject({ kind: 'poison', reason: 'FOREIGN_TYPE' });
    const answer = await client.register(
      `${prefix}foreign`,
      '{"type":"record","name":"Payroll","namespace":"hr","fields":[{"name":"request_id","type":"string"}]}',
    );
    const payrollId = answer.kind === 'registered' ? answer.id : -1;
    const payroll = await new SchemaRegistry({ host: registryUrl }).encode(payrollId, { request_id: 'r' });
    await codec.learn(payrollId);
    expect(codec.decode(requestsTopic, payroll)).toMatchObject({
      kind: 'poison',
      reason: 'FOREIGN_TYPE',
      detail: `hr.Payroll does not belong on ${requestsTopic}`,
    });
  });
});
