import fc from 'fast-check';
import { arbitraryEvent, arbitraryEvents } from '../tests/support/arbitrary-events';
import { createStaticCodec } from './event-codec';
import { eventTypes, type DomainEvent, type EventType, type OrderRequested } from './events';
import { readHistory } from './history';
import { eventIdOf } from './event-id';
import { toRecord } from './new-record';
import { topics, type TopicName } from './topics';

const codec = createStaticCodec();
const requested: OrderRequested = {
  type: 'OrderRequested',
  request_id: 'r-1',
  user_id: 'u-1',
  item_id: 'i-1',
  amount: 2,
  requested_at: 1_700_000_000_000,
  sales_channel: null,
};
const value = codec.encode('order-requests', requested);

const topicOf = (event: DomainEvent): TopicName => {
  const found = Object.values(topics).find(({ eventTypes: types }) =>
    (types as readonly string[]).includes(event.type),
  );
  return found?.name ?? 'order-dlq';
};

const withByte = (source: Buffer, index: number, byte: number): Buffer => {
  const copy = Buffer.from(source);
  copy[index] = byte;
  return copy;
};

describe('the codec', () => {
  test.each(eventTypes)(
    'gives back every %s that was written, as a plain object with its type first',
    (eventType) => {
      fc.assert(
        fc.property<[DomainEvent]>(arbitraryEvents[eventType], (event) => {
          const decoded = codec.decode(topicOf(event), codec.encode(topicOf(event), event));
          expect(decoded).toMatchObject({ kind: 'event', event });
          if (decoded.kind !== 'event') return;
          expect(Object.keys(decoded.event)).toEqual(Object.keys(event));
          expect(Object.getPrototypeOf(decoded.event)).toBe(Object.prototype);
        }),
      );
    },
  );

  test('frames values as Confluent does: byte 0, schema id, Avro body', () => {
    expect(value[0]).toBe(0);
    expect(codec.decode('order-requests', value)).toMatchObject({ schemaId: value.readInt32BE(1) });
    expect(value.subarray(5).toString('latin1')).toContain('r-1');
  });

  test('writes an event longer than its scratch buffer', () => {
    const event = {
      type: 'StockAdjusted',
      item_id: 'i',
      delta: 1,
      reason: '€'.repeat(1000),
      command_id: '€'.repeat(200),
      actor: '€'.repeat(200),
      adjusted_at: 1,
      expected_version: null,
    } as const;
    const long = codec.encode('stock-adjustments', event);
    expect(long.length).toBeGreaterThan(4096);
    expect(codec.decode('stock-adjustments', long)).toMatchObject({ kind: 'event', event });
  });

  test('does not share memory between the values it writes', () => {
    const first = codec.encode('order-requests', requested);
    codec.encode('order-requests', { ...requested, request_id: 'other' });
    expect(codec.decode('order-requests', first)).toMatchObject({ event: requested });
  });

  test('never throws and never waits, whatever the bytes', () => {
    const anyValue = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.integer({ min: 0, max: 8 }), fc.uint8Array({ maxLength: 200 }))
        .map(([id, body]) => Buffer.concat([Buffer.from([0, 0, 0, 0, id]), body])),
      fc.tuple(arbitraryEvent, fc.nat(), fc.nat(255)).map(([event, at, byte]) => {
        const encoded = codec.encode(topicOf(event), event);
        return withByte(encoded, at % encoded.length, byte);
      }),
    );
    const topic = fc.constantFrom(...Object.values(topics).map(({ name }) => name));
    fc.assert(
      fc.property(topic, anyValue, (name, bytes) => {
        expect(['event', 'unknown-schema', 'poison']).toContain(codec.decode(name, bytes).kind);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['a null value', null, 'NULL_VALUE'],
    ['an empty value', Buffer.alloc(0), 'NOT_FRAMED'],
    ['JSON', Buffer.from('{"request_id":"r"}'), 'NOT_FRAMED'],
    ['a negative schema id', withByte(value, 1, 0xff), 'NOT_FRAMED'],
    ['a body cut short', value.subarray(0, -1), 'UNDECODABLE'],
    ['bytes behind the body', Buffer.concat([value, Buffer.from([0])]), 'UNDECODABLE'],
  ])('judges %s as poison', (_, bytes, reason) => {
    expect(codec.decode('order-requests', bytes)).toMatchObject({ kind: 'poison', reason });
  });

  test('judges an event of another topic as foreign', () => {
    expect(codec.decode('order-outcomes', value)).toEqual({
      kind: 'poison',
      reason: 'FOREIGN_TYPE',
      detail: 'OrderRequested does not belong on order-outcomes',
    });
    expect(codec.decode('payment-retries', value).kind).toBe('event');
  });

  test.each([
    ['amount', 0],
    ['amount', 1001],
    ['user_id', 'no spaces'],
    ['item_id', ''],
    ['request_id', '   '],
    ['request_id', 'x'.repeat(302)],
    ['request_id', 'a\u0000b'],
    ['requested_at', -1],
  ])('does not write an OrderRequested with %s %j', (field, wrong) => {
    expect(() => codec.encode('order-requests', { ...requested, [field]: wrong })).toThrow(
      `OrderRequested.${field} must be`,
    );
  });

  test('judges a field that breaks its rule as poison: the amount of a foreign writer', () => {
    // zigzag varint: 2 is 0x04, 0 is 0x00; the amount stands right after item_id "i-1"
    const at = value.lastIndexOf('i-1') + 3;
    expect(codec.decode('order-requests', withByte(value, at, 0))).toEqual({
      kind: 'poison',
      reason: 'INVALID_FIELD',
      detail: 'OrderRequested.amount must be an integer from 1 to 1000',
    });
  });

  test('asks about an id it does not know, and calls it poison once the registry does not know it either', async () => {
    const unknown = withByte(value, 4, 99);
    expect(codec.decode('order-requests', unknown)).toEqual({ kind: 'unknown-schema', schemaId: 99 });
    await codec.learn(99);
    expect(codec.decode('order-requests', unknown)).toMatchObject({
      kind: 'poison',
      reason: 'UNKNOWN_SCHEMA',
    });
  });
});

const keyMembers: Readonly<Record<EventType, string | null>> = {
  OrderRequested: 'request_id',
  OrderCompleted: 'request_id',
  OrderFailed: 'request_id',
  StockAdjusted: 'item_id',
  BuyerLimitSet: 'item_id',
  SaleChanged: 'item_id',
  EpochClaimed: null,
  EpochStarted: null,
  LettersPlanned: 'plan_id',
  RedriveOrdered: 'command_id',
  LettersRedriven: 'command_id',
  LettersDiscarded: 'command_id',
};

describe('records', () => {
  const metadata = { event_id: 'e', correlation_id: 'c', causation_id: 'k', source: 'test' };

  test('carry the key that decides their partition', () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        const record = toRecord(codec, { topic: topicOf(event), partition: 0 }, event, metadata);
        const members = event as unknown as Record<string, string>;
        const wanted = keyMembers[event.type];
        expect(record.key).toBe(wanted === null ? null : members[wanted]);
        expect(record.headers).toMatchObject({ ce_type: `flashsale.${event.type}` });
      }),
    );
  });

  test('of a marker need a partition', () => {
    const marker = { type: 'EpochStarted', epoch: 1, started_at: 1 } as const;
    expect(() => toRecord(codec, 'order-outcomes', marker, metadata)).toThrow('partition');
    const record = toRecord(codec, { topic: 'order-outcomes', partition: 3 }, marker, metadata);
    expect(record).toMatchObject({ topic: 'order-outcomes', partition: 3, key: null });
  });

  test('cannot carry an event of another topic', () => {
    expect(() => toRecord(codec, 'order-outcomes', requested, metadata)).toThrow(
      'does not belong on order-outcomes',
    );
    expect(eventIdOf(requested)).toHaveLength(36);
  });
});

describe('the schemas', () => {
  const history = readHistory();
  const recordOf = (eventType: EventType) =>
    history[eventType].at(-1)?.schema as unknown as { fields: { name: string; default?: unknown }[] };

  test.each(eventTypes)(
    'of %s hold each member of the type; what readers do not see yet has a default',
    (eventType) => {
      const samples: fc.Arbitrary<DomainEvent> = arbitraryEvents[eventType];
      const [sample] = fc.sample(samples, 1);
      const members = Object.keys(sample ?? {}).filter((member) => member !== 'type');
      const { fields } = recordOf(eventType);
      expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(members));
      expect(fields.filter((field) => !members.includes(field.name) && field.default === undefined)).toEqual(
        [],
      );
    },
  );
});
