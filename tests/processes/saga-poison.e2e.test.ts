import { createHash } from 'node:crypto';
import { kafkaConnection } from '../../chassis/kafka/connection';
import type { LogRecord, NewRecord } from '../../chassis/kafka/log';
import { partitionOf } from '../../chassis/kafka/partitioner';
import { Cluster } from '../../chassis/kafka/wire/cluster';
import { readDeadLetter } from '../../schemas/dead-letter';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { produceLz4 } from '../support/foreign-batch';
import { startSagaSale, untilDecided, type SagaSale } from './saga-sale';

let sale: SagaSale;
beforeAll(async () => {
  sale = await startSagaSale({ PAYMENT_DECLINE_RATE: '0' });
}, 120_000);
afterAll(() => sale.remove(), 60_000);

const topic = topics.orderRequests.name;
const headers = { 'x-origin': 'foreign', 'x-bytes': Buffer.from([0, 255, 7]) };

const zigzag = (value: bigint): Buffer => {
  let rest = value >= 0n ? value << 1n : (-value << 1n) - 1n;
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
};
const text = (value: string): Buffer => Buffer.concat([zigzag(BigInt(value.length)), Buffer.from(value)]);

/** An order in Avro by hand, so that its amount may be what no honest writer can write. */
const framed = (valid: Buffer, key: string, amount: Buffer): Buffer =>
  Buffer.concat([
    valid.subarray(0, 5),
    text(key),
    text('ann'),
    text('shoe'),
    amount,
    zigzag(1_700_000_000_000n),
    zigzag(0n),
  ]);

const nan = Buffer.alloc(8);
nan.writeDoubleLE(NaN);

const orderValue = (key: string): Buffer =>
  sale.codec.encode(topic, {
    type: 'OrderRequested',
    request_id: key,
    user_id: 'ann',
    item_id: 'shoe',
    amount: 1,
    requested_at: 1_700_000_000_000,
    sales_channel: null,
  });

/** Values that are no order, by kind; the kind is the record's key. */
const poisonValues = (): Readonly<Record<string, Buffer | null>> => {
  const valid = orderValue('any');
  const otherSubject = sale.codec.encode(topics.stockAdjustments.name, {
    type: 'StockAdjusted',
    item_id: 'shoe',
    delta: 1_000,
    reason: 'poison',
    command_id: 'poison',
    actor: 'poison',
    adjusted_at: 1,
    expected_version: null,
  });
  const unknownId = Buffer.from(valid);
  unknownId.writeInt32BE(999_999, 1);
  return {
    truncated: valid.subarray(0, valid.length - 3),
    'wrong magic': Buffer.concat([Buffer.from([7]), valid.subarray(1)]),
    'unknown schema id': unknownId,
    'other subject': otherSubject,
    'null value': null,
    'one megabyte': Buffer.alloc(1_040_000, 'x'),
    'amount -1': framed(valid, 'amount -1', zigzag(-1n)),
    'amount 2^53': framed(valid, 'amount 2^53', zigzag(2n ** 53n)),
    'amount NaN': framed(valid, 'amount NaN', nan),
  };
};

const digest = (value: Buffer | null): string =>
  value === null ? 'null' : createHash('sha1').update(value).digest('hex');

const letterOf = (record: LogRecord) => {
  const { source, reason, attempts } = readDeadLetter(record);
  const origin = [record.headers['x-origin']?.toString(), record.headers['x-bytes']?.toString('hex')];
  return { key: record.key?.toString(), digest: digest(record.value), origin, source, reason, attempts };
};

const produceCompressed = async (key: string): Promise<void> => {
  const brokers = sale.brokers.split(',');
  const cluster = new Cluster(kafkaConnection({ brokers, clientId: 'poison' }));
  const partition = partitionOf(key, 8);
  const leader = (await cluster.leaders(topic))[partition] ?? 0;
  const code = await produceLz4(await cluster.node(leader), { topic, partition }, [
    { key, value: orderValue(key), headers },
  ]);
  cluster.close();
  expect(code).toBe(0);
};

describe('records that are no order', () => {
  it('are dead letters with their bytes, headers and origin, end their key, and stop no neighbour', async () => {
    await sale.stock('shoe', 1_000);
    const values = poisonValues();
    const poison: NewRecord[] = Object.entries(values).map(([key, value]) => ({
      topic,
      key,
      value,
      headers,
    }));
    const neighbours = Array.from({ length: 40 }, (_, index) => `neighbour-${index}`);
    const buy = (keys: readonly string[]) => sale.buy(...keys.map((key) => ({ key, itemId: 'shoe' })));
    await buy(neighbours.slice(0, 20));
    await sale.append(...poison, { topic, partition: 3, key: null, value: Buffer.from('no key'), headers });
    await produceCompressed('compressed');
    await sale.append({ topic, key: 'more headers', value: orderValue('more headers'), headers });
    await buy(neighbours.slice(20));
    const saga = await sale.startSaga();

    const fine = [...neighbours, 'compressed', 'more headers'];
    await untilDecided(sale, [...fine, ...Object.keys(values)], 60_000);
    const outcomes = await sale.outcomes();
    expect(Object.fromEntries(fine.map((key) => [key, outcomes.get(key)]))).toEqual(
      Object.fromEntries(fine.map((key) => [key, 'COMPLETED'])),
    );
    for (const key of Object.keys(values)) expect([key, outcomes.get(key)]).toEqual([key, 'UNPROCESSABLE']);

    const letters = (await sale.partitions(topics.orderDlq.name)).flat().map(letterOf);
    const sources = (await sale.partitions(topic)).flat();
    for (const letter of letters) {
      const source = sources.find(
        ({ partition, offset }) => partition === letter.source.partition && offset === letter.source.offset,
      );
      expect(letter).toMatchObject({ digest: digest(source?.value ?? null), attempts: 1 });
      expect(letter.origin).toEqual(['foreign', '00ff07']);
    }
    const wanted = [...Object.keys(values), undefined].map(String).sort();
    expect(letters.map(({ key }) => String(key)).sort()).toEqual(wanted);
    expect(new Set(letters.map(({ reason }) => reason))).toEqual(
      new Set(['NULL_VALUE', 'NOT_FRAMED', 'UNKNOWN_SCHEMA', 'UNDECODABLE', 'FOREIGN_TYPE', 'INVALID_FIELD']),
    );
    await eventually(async () => expect(await sale.violations()).toEqual([]));
    expect((await fetch(`${saga.url}/livez`)).status).toBe(200);
  }, 120_000);
});
