import { randomUUID } from 'node:crypto';
import { eventually } from '../../tests/support/eventually';
import { freePort } from '../../stack/ports';
import {
  kafkaApi,
  type KafkaFault,
  type KafkaProxy,
  onNth,
  startKafkaProxy,
} from '../../tests/support/kafka-proxy';
import { createLogAdmin } from './admin';
import { type KafkaConnection, kafkaConnection } from './connection';
import type { LogProducer, LogRecord, SendOutcome } from './log';
import { createLogProducer, type LogProducerOptions } from './producer';
import { createLogReader } from './reader';

const broker = (process.env['KAFKA_BROKERS'] ?? '').split(',')[0] ?? '';
const direct = kafkaConnection({ brokers: [broker], clientId: 'producer-test' });
/** For sends that are meant to arrive: half of it is one attempt, on a machine that may be busy. */
const ampleMs = 6_000;
/** For sends that are not. */
const deadlineMs = 2_000;
/** The deadline's timer may be late on a busy machine, never early. */
const lateByMs = 2_000;

describe('the producer behind a broken network', () => {
  const admin = createLogAdmin(direct);
  const reader = createLogReader(direct);
  const producers: LogProducer[] = [];
  let proxy: KafkaProxy;

  const newTopic = async (partitions = 1, config: Record<string, string> = {}): Promise<string> => {
    const name = `producer-${randomUUID()}`;
    await admin.createTopics([{ name, partitions, config }], 1);
    return name;
  };

  const readAll = async (topic: string): Promise<LogRecord[]> => {
    const records: LogRecord[] = [];
    await reader.read({ topic, onRecords: (piece) => void records.push(...piece) });
    return records;
  };

  const valuesIn = async (topic: string): Promise<string[]> =>
    (await readAll(topic)).map((each) => String(each.value));

  const proxied = (): KafkaConnection =>
    kafkaConnection({ brokers: [proxy.address], clientId: 'producer-test' });

  const openProducer = async (
    options: LogProducerOptions = {},
    connection = proxied(),
  ): Promise<LogProducer> => {
    const producer = await createLogProducer(connection, { deadlineMs: ampleMs, ...options });
    producers.push(producer);
    return producer;
  };

  const record = (topic: string, value: string, partition = 0) => ({
    topic,
    partition,
    key: 'k',
    value: Buffer.from(value),
  });

  beforeEach(async () => {
    proxy = await startKafkaProxy(broker);
  });

  afterEach(async () => {
    await Promise.all(producers.splice(0).map((producer) => producer.stop(0)));
    await proxy.stop();
  });

  afterAll(() => admin.stop());

  it('loses nothing when sends overlap and an answer is lost', async () => {
    const topic = await newTopic();
    const producer = await openProducer();
    await producer.send(record(topic, 'warm'));
    proxy.failWith(onNth(kafkaApi.produce, 0, 'swallow response'));
    const first = producer.send(record(topic, 'A'));
    await eventually(() => expect(proxy.faults).toBe(1));
    const outcomes = [await first, await producer.send(record(topic, 'B'))];
    const values = await valuesIn(topic);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['acked', 'acked']);
    const at = outcomes.map((outcome) => (outcome.kind === 'acked' ? values[outcome.offset] : undefined));
    expect(at).toEqual(['A', 'B']);
    expect(values).toEqual(['warm', 'A', 'A', 'B']);
  });

  it('reports unknown within the deadline when no answer comes, and works again when answers do', async () => {
    const topic = await newTopic();
    const producer = await openProducer({ deadlineMs });
    await producer.send(record(topic, 'warm'));
    proxy.failWith(({ apiKey }) => (apiKey === kafkaApi.produce ? 'swallow response' : undefined));
    const startedMs = performance.now();
    const outcome = await producer.send(record(topic, 'A'));
    expect(outcome.kind).toBe('unknown');
    expect(performance.now() - startedMs).toBeLessThan(deadlineMs + lateByMs);
    expect(producer.queued).toBe(0);
    proxy.failWith(() => undefined);
    expect(await producer.send(record(topic, 'B'))).toMatchObject({ kind: 'acked' });
    expect((await valuesIn(topic)).filter((value) => value !== 'A')).toEqual(['warm', 'B']);
  });

  it('settles within the deadline on a network that swallows everything, and recovers when it heals', async () => {
    const topic = await newTopic();
    const producer = await openProducer({ deadlineMs });
    await producer.send(record(topic, 'warm'));
    proxy.freeze();
    const startedMs = performance.now();
    const outcomes = await producer.sendAll([record(topic, 'A'), record(topic, 'B')]);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['unknown', 'unknown']);
    expect(performance.now() - startedMs).toBeLessThan(deadlineMs + lateByMs);
    proxy.thaw();
    await eventually(async () =>
      expect(await producer.send(record(topic, 'C'))).toMatchObject({ kind: 'acked' }),
    );
  });

  it('sends again after the connection was reset, and the records keep their order', async () => {
    const topic = await newTopic();
    const producer = await openProducer({ batchRecordsMax: 10 });
    await producer.send(record(topic, 'warm'));
    proxy.failWith(onNth(kafkaApi.produce, 2, 'cut'));
    const values = Array.from({ length: 60 }, (_, index) => String(index));
    const outcomes = await producer.sendAll(values.map((value) => record(topic, value)));
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['acked']));
    const written = await valuesIn(topic);
    const offsets = outcomes.map((outcome) => (outcome.kind === 'acked' ? outcome.offset : -1));
    expect(offsets.map((offset) => written[offset])).toEqual(values);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });

  it('never acknowledges what is not in the log, whatever happens to the answers', async () => {
    const topic = await newTopic(3);
    const producer = await openProducer({ deadlineMs, batchRecordsMax: 20 });
    const faults: readonly (KafkaFault | undefined)[] = [
      'swallow response',
      'cut',
      { delayMs: 30 },
      undefined,
      undefined,
    ];
    let request = 0;
    proxy.failWith(({ apiKey }) => {
      if (apiKey !== kafkaApi.produce) return undefined;
      request += 1;
      return faults[(request * 7) % faults.length];
    });
    const values = Array.from({ length: 400 }, (_, index) => `v${index}`);
    const outcomes: SendOutcome[] = [];
    for (let from = 0; from < values.length; from += 80) {
      const piece = values.slice(from, from + 80).map((value, index) => record(topic, value, index % 3));
      outcomes.push(...(await producer.sendAll(piece)));
    }
    const written = new Map(
      (await readAll(topic)).map((each) => [`${each.partition}:${each.offset}`, String(each.value)]),
    );
    const places = outcomes.map((outcome) =>
      outcome.kind === 'acked' ? written.get(`${outcome.partition}:${outcome.offset}`) : outcome.kind,
    );
    expect(places.filter((value, index) => value !== values[index] && value !== 'unknown')).toEqual([]);
    expect(outcomes.filter((outcome) => outcome.kind === 'acked').length).toBeGreaterThan(100);
  }, 120_000);

  it('rejects within the deadline while no broker is in reach, and works when one comes', async () => {
    const topic = await newTopic();
    const port = await freePort();
    const host = broker.slice(0, broker.lastIndexOf(':'));
    const nowhere = kafkaConnection({ brokers: [`${host}:${port}`], clientId: 'producer-test' });
    const producer = await openProducer({ deadlineMs }, nowhere);
    const startedMs = performance.now();
    expect(await producer.send(record(topic, 'A'))).toMatchObject({ kind: 'rejected' });
    expect(performance.now() - startedMs).toBeLessThan(deadlineMs + lateByMs);
    const late = await startKafkaProxy(broker, port);
    try {
      await eventually(async () =>
        expect(await producer.send(record(topic, 'B'))).toMatchObject({ kind: 'acked' }),
      );
      expect(await valuesIn(topic)).toEqual(['B']);
    } finally {
      await late.stop();
    }
  });

  it('rejects at once what exceeds its queue, and settles what is queued', async () => {
    const topic = await newTopic();
    const producer = await openProducer({ queueMax: 3, queueBytesMax: 2_000 });
    proxy.freeze();
    const queued = producer.sendAll([
      record(topic, 'a'),
      record(topic, 'b'),
      record(topic, 'x'.repeat(1_990)),
    ]);
    expect(producer.queued).toBe(2);
    const third = producer.send(record(topic, 'c'));
    const refused = await producer.send(record(topic, 'd'));
    expect(refused).toMatchObject({ kind: 'rejected' });
    expect(refused).not.toHaveProperty('isFinal');
    proxy.thaw();
    expect((await queued).map((outcome) => outcome.kind)).toEqual(['acked', 'acked', 'rejected']);
    expect(await third).toMatchObject({ kind: 'acked' });
  });

  it('rejects a record that is too large for its topic, and its neighbours arrive', async () => {
    const topic = await newTopic(1, { 'max.message.bytes': '2000' });
    const producer = await openProducer();
    const sizes = [800, 5_000, 900, 850, 2_000_000];
    const outcomes = await producer.sendAll(sizes.map((size) => record(topic, 'x'.repeat(size))));
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      'acked',
      'rejected',
      'acked',
      'acked',
      'rejected',
    ]);
    expect(outcomes.map((outcome) => outcome.kind === 'rejected' && outcome.isFinal)).toEqual([
      false,
      true,
      false,
      false,
      true,
    ]);
    expect((await valuesIn(topic)).map((value) => value.length)).toEqual([800, 900, 850]);
  });

  it('rejects records of an unknown topic or partition without holding up the others', async () => {
    const topic = await newTopic();
    const producer = await openProducer({ deadlineMs });
    const lost = producer.sendAll([record(`${topic}-absent`, 'A'), record(topic, 'A', 7)]);
    const sentAtMs = performance.now();
    expect(await producer.send(record(topic, 'B'))).toMatchObject({ kind: 'acked' });
    expect(performance.now() - sentAtMs).toBeLessThan(deadlineMs);
    expect((await lost).map((outcome) => outcome.kind)).toEqual(['rejected', 'rejected']);
    expect(await valuesIn(topic)).toEqual(['B']);
  });

  it('sends what is queued before it stops, and no longer than it may', async () => {
    const topic = await newTopic();
    const draining = await openProducer({ everyMs: 60_000 });
    await draining.send(record(topic, 'warm'));
    const queued = draining.sendAll([record(topic, 'A'), record(topic, 'B')]);
    await draining.stop(5_000);
    expect((await queued).map((outcome) => outcome.kind)).toEqual(['acked', 'acked']);
    const cut = await openProducer();
    await cut.send(record(topic, 'warm'));
    proxy.freeze();
    const stuck = cut.send(record(topic, 'C'));
    const startedMs = performance.now();
    await cut.stop(200);
    expect(performance.now() - startedMs).toBeLessThan(deadlineMs);
    expect((await stuck).kind).toMatch(/unknown|rejected/);
  });
});
