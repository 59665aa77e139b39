import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { fromFile, Parser, type AsyncAPIDocumentInterface } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDeadLetterRecord } from './dead-letter';
import { eventTypes } from './events';
import { readGolden } from './gate/golden';
import { toHeaders } from './headers';
import { fullName } from './history';
import { topicConfig, topics } from './topics';

/** DiagnosticSeverity of the parser: 0 error, 1 warning, 2 information, 3 hint. */
const warning = 1;
const isFault = (severity: number): boolean => severity <= warning;

interface Message {
  name: string;
  headers?: { required: string[]; properties: object };
  payload?: { schema: unknown };
}
interface Channel {
  address: string;
  messages: Record<string, Message>;
  bindings: { kafka: { partitions: number; topicConfiguration: Record<string, unknown> } };
}

interface AsyncApiJson {
  channels: Record<string, Channel>;
  components: { messages: Record<string, Message> };
}

describe('the AsyncAPI document', () => {
  let document: AsyncAPIDocumentInterface;
  let channels: Channel[];
  let messages: Record<string, Message>;

  beforeAll(async () => {
    const parser = new Parser();
    parser.registerSchemaParser(AvroSchemaParser());
    const parsed = await fromFile(parser, join(__dirname, 'asyncapi.yaml')).parse();
    const faults = parsed.diagnostics.filter(({ severity }) => isFault(severity));
    expect(faults.map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual([]);
    document = parsed.document!;
    const json = document.json<AsyncApiJson>();
    channels = Object.values(json.channels);
    messages = json.components.messages;
  });

  test('is valid, every schema in it too', () => {
    expect(document.version()).toBe('3.0.0');
    expect(document.operations().all().length).toBeGreaterThan(5);
  });

  test('describes the topics as they are declared, with the events allowed on each', () => {
    const described = channels.map(({ address, messages: found, bindings }) => ({
      name: address,
      eventTypes: Object.keys(found).filter((name) => name !== 'DeadLetter'),
      partitions: bindings.kafka.partitions,
    }));
    const declared = Object.values(topics).map(({ name, eventTypes: types, partitions }) => ({
      name,
      eventTypes: [...types],
      partitions: partitions === 'orders' ? 8 : partitions,
    }));
    expect(described).toEqual(declared);
  });

  test('promises the retention that the topics get', () => {
    for (const { bindings } of channels) {
      const configured = bindings.kafka.topicConfiguration;
      expect(configured['cleanup.policy']).toEqual([topicConfig['cleanup.policy']]);
      expect(String(configured['retention.ms'])).toBe(topicConfig['retention.ms']);
      expect(String(configured['retention.bytes'])).toBe(topicConfig['retention.bytes']);
    }
  });

  test('shows the headers that records carry', () => {
    const place = { topic: 't', partition: 0, offset: 0 };
    const why = { reason: 'r', detail: 'd', consumer: 'c', attempts: 1, failedAtMs: 1 };
    const letter = toDeadLetterRecord({ ...place, key: null, value: null, headers: {} }, why);
    const metadata = { event_id: 'e', correlation_id: 'c', causation_id: 'k', source: 's' };
    const event = toHeaders('OrderRequested', metadata);
    expect(messages['OrderRequested']?.headers?.required).toEqual(Object.keys(event));
    expect(messages['DeadLetter']?.headers?.required).toEqual(Object.keys(letter.headers ?? {}));
  });
});

describe('the schemas that the AsyncAPI document refers to', () => {
  test('are the newest released version of each event', () => {
    const text = readFileSync(join(__dirname, 'asyncapi.yaml'), 'utf8');
    const golden = readGolden(join(__dirname, 'golden'));
    for (const eventType of eventTypes) {
      const released = golden.filter((it) => it.eventType === eventType).map(({ version }) => version);
      const newest = Math.max(...released);
      expect(text).toContain(`name: ${fullName(eventType)}\n`);
      expect(
        [...text.matchAll(new RegExp(`\\./${eventType}/(v\\d+)\\.avsc`, 'g'))].map((it) => it[1]),
      ).toEqual([`v${newest}`]);
    }
  });
});
