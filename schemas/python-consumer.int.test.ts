import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection } from '../chassis/kafka/connection';
import { createLogProducer } from '../chassis/kafka/producer';
import { createEventCodec } from './event-codec';
import { eventTypes, type DomainEvent, type EventType } from './events';
import { eventIdOf } from './event-id';
import { samples } from './gate/samples';
import { fullName, readHistory } from './history';
import { ourSchemas } from './known-ids';
import { toRecord } from './new-record';
import { registerSchemas } from './register';
import { createRegistryClient } from './registry-client';
import { topicSettings } from './topic-settings';
import { topics, type Topic, type TopicName } from './topics';

const root = join(__dirname, '..');
const folder = join(root, 'docs', 'consumers', 'python');
const environment = join(root, '.stack', 'python-consumer');
const python = join(environment, 'bin', 'python');
const installTimeoutMs = 180_000;

const runs = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: installTimeoutMs });
    return true;
  } catch {
    return false;
  }
};

const hasClient = (): boolean =>
  existsSync(python) && runs(python, ['-c', 'import confluent_kafka.schema_registry.avro']);

/** Undefined when the Python client is ready, else why it is not. The environment is kept for the next run. */
const missing = ((): string | undefined => {
  if (hasClient()) return undefined;
  if (!runs('python3', ['--version'])) return 'there is no python3';
  if (!runs('python3', ['-m', 'venv', '--clear', environment])) return 'python3 has no venv module';
  const requirements = join(folder, 'requirements.txt');
  const pip = ['-m', 'pip', 'install', '--quiet', '--timeout', '15', '--retries', '1', '-r', requirements];
  return runs(python, pip) && hasClient() ? undefined : 'pip cannot install confluent-kafka';
})();
if (missing !== undefined) process.stderr.write(`The Python consumer is not tested: ${missing}.\n`);

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const brokers = process.env['KAFKA_BROKERS'] ?? '';
const connection = kafkaConnection({ brokers: brokers.split(','), clientId: 'python-consumer-test' });

/** Python's clock ends with the year 9999. */
const lastTimeMs = 253_402_300_799_999;
const withinPythonsTime = (event: DomainEvent): DomainEvent =>
  Object.fromEntries(
    Object.entries(event).map(([field, value]) => [
      field,
      field.endsWith('_at') ? Math.min(value as number, lastTimeMs) : (value as unknown),
    ]),
  ) as unknown as DomainEvent;

interface Line {
  readonly topic: string;
  readonly key: string | null;
  readonly type: string;
  readonly id: string;
  readonly correlation_id: string;
  readonly event: Record<string, unknown>;
}

const consume = async (url: string, topicNames: readonly string[]): Promise<Line[]> => {
  const args = [join(folder, 'consume.py'), '--brokers', brokers, '--registry', url, ...topicNames];
  const { stdout } = await promisify(execFile)(python, args, { timeout: 50_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
};

const byId = (a: { id: string }, b: { id: string }): number => a.id.localeCompare(b.id);

(missing === undefined ? describe : describe.skip)('a Python consumer with the Confluent client', () => {
  const prefix = `python-${randomUUID().slice(0, 8)}-`;
  const own = Object.values(topics)
    .filter(({ eventTypes: types }) => types.length > 0)
    .map((topic): Topic => ({ ...topic, name: prefix + topic.name }));
  const topicOf = (eventType: EventType): TopicName =>
    own.find(({ eventTypes: types }) => types.includes(eventType))?.name as TopicName;
  const written: Line[] = [];

  beforeAll(async () => {
    const admin = createLogAdmin(connection);
    const producer = await createLogProducer(connection);
    const history = readHistory();
    await admin.createTopics(topicSettings(2, own), 1);
    await registerSchemas(createRegistryClient(registryUrl, 10_000), ourSchemas(own, history));
    const first = { ...history, OrderRequested: history.OrderRequested.slice(0, 1) };
    const [newest, oldest] = [
      await createEventCodec({ registryUrl, topics: own }),
      await createEventCodec({ registryUrl, topics: own, history: first }),
    ];
    const write = async (event: DomainEvent, codec = newest): Promise<void> => {
      const id = eventIdOf(event, 0);
      const metadata = { event_id: id, correlation_id: `c-${id}`, causation_id: 'k', source: 'test' };
      const record = toRecord(codec, { topic: topicOf(event.type), partition: 0 }, event, metadata);
      expect(await producer.send(record)).toMatchObject({ kind: 'acked' });
      const { type, ...fields } = event;
      const key = record.key === null ? null : String(record.key);
      const line = { topic: record.topic, key, type: fullName(type), id, correlation_id: `c-${id}` };
      written.push({ ...line, event: fields });
    };
    for (const eventType of eventTypes) {
      for (const sample of samples[eventType]) await write(withinPythonsTime(sample));
    }
    await write({ ...samples.OrderRequested[0]!, request_id: 'of-version-1', sales_channel: null }, oldest);
    await producer.stop(2_000);
    await admin.stop();
  });

  test('reads every event through the registry, old versions too', async () => {
    const read = await consume(
      registryUrl,
      own.map(({ name }) => name),
    );
    const ofVersion1 = ({ event }: Line): boolean => event['request_id'] === 'of-version-1';
    expect(read).toHaveLength(written.length);
    expect(read.filter((line) => !ofVersion1(line)).sort(byId)).toMatchObject(
      written.filter((line) => !ofVersion1(line)).sort(byId),
    );
    const old = read.find(ofVersion1);
    expect(old?.event).toMatchObject({ user_id: 'user-1042', item_id: 'sneaker-42', amount: 2 });
    expect(old?.event).not.toHaveProperty('sales_channel');
    expect(new Set(read.map(({ type }) => type))).toEqual(new Set(eventTypes.map(fullName)));
  });

  test('reads them through the older dialect of the registry API as well', async () => {
    const older = registryUrl.replace('/ccompat/v7', '/ccompat/v6');
    const [requests] = own.map(({ name }) => name);
    const read = await consume(older, [requests ?? '']);
    expect(read).toHaveLength(written.filter(({ topic }) => topic === requests).length);
  });
});
