import fc from 'fast-check';
import { eventIdOf, uuidV5 } from './event-id';
import { isHeaderText, readMetadata, toHeaders, type EventMetadata } from './headers';

const metadata: EventMetadata = {
  event_id: 'e-1',
  correlation_id: 'c-1',
  causation_id: 'k-1',
  source: 'command-api',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const place = { topic: 'order-requests', partition: 3, offset: 42 };
const asBuffers = (headers: ReturnType<typeof toHeaders>): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value ?? '')]));

describe('record headers', () => {
  test('follow the Kafka binding of CloudEvents in binary mode', () => {
    expect(toHeaders('OrderRequested', metadata)).toEqual({
      ce_specversion: '1.0',
      ce_id: 'e-1',
      ce_type: 'flashsale.OrderRequested',
      ce_source: 'command-api',
      ce_correlationid: 'c-1',
      ce_causationid: 'k-1',
      'content-type': 'application/avro',
      traceparent: metadata.traceparent,
    });
  });

  test('give back the metadata that was written, from bytes', () => {
    const headerText = fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme' }).filter(isHeaderText);
    fc.assert(
      fc.property(
        headerText,
        headerText,
        headerText,
        headerText,
        (event_id, correlation_id, causation_id, source) => {
          const written = { event_id, correlation_id, causation_id, source };
          const headers = asBuffers(toHeaders('OrderFailed', written));
          expect(readMetadata({ ...place, key: null, headers })).toEqual(written);
        },
      ),
    );
  });

  test('read as fallbacks when a foreign producer wrote none', () => {
    expect(readMetadata({ ...place, key: Buffer.from('r-1'), headers: {} })).toEqual({
      event_id: 'order-requests:3:42',
      correlation_id: 'r-1',
      causation_id: 'r-1',
      source: 'unknown',
    });
    expect(readMetadata({ ...place, key: null, headers: {} }).correlation_id).toBe('order-requests:3:42');
  });

  test('never make reading throw, whatever they hold', () => {
    const anyHeader = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      fc.string(),
      fc.constant(undefined),
    );
    const names = ['ce_id', 'ce_correlationid', 'ce_causationid', 'ce_source', 'traceparent', 'other'];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), anyHeader),
        fc.option(fc.string()),
        (headers, key) => {
          const read = readMetadata({ ...place, key: key === null ? null : Buffer.from(key), headers });
          expect(
            [read.event_id, read.correlation_id, read.causation_id, read.source].every(isHeaderText),
          ).toBe(true);
        },
      ),
    );
  });

  test.each(['a\r\nb', '\u0000', '\u007f', 'x'.repeat(257), ''])('refuse %j as an id', (text) => {
    expect(() => toHeaders('OrderRequested', { ...metadata, correlation_id: text })).toThrow(RangeError);
    const headers = { ce_correlationid: Buffer.from(text) };
    expect(readMetadata({ ...place, key: Buffer.from('r-1'), headers }).correlation_id).toBe('r-1');
  });

  test.each(['00-00000000000000000000000000000000-b7ad6b7169203331-01', 'ff-x', '', 'nonsense'])(
    'leave out %j as a traceparent',
    (traceparent) => {
      expect(toHeaders('OrderRequested', { ...metadata, traceparent })).not.toHaveProperty('traceparent');
      expect(readMetadata({ ...place, key: null, headers: { traceparent } })).not.toHaveProperty(
        'traceparent',
      );
    },
  );
});

describe('event ids', () => {
  test('are version 5 UUIDs and never change', () => {
    expect(uuidV5('r-1:requested')).toBe('b01c11b7-9d82-5891-ba31-a4ed160c3a5c');
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(uuidV5(name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  test('are one per order for its terminal state, whatever the outcome', () => {
    const completed = {
      type: 'OrderCompleted',
      request_id: 'r-1',
      user_id: 'u',
      item_id: 'i',
      amount: 1,
      epoch: 1,
      payment_id: 'p',
      completed_at: 1,
    } as const;
    expect(eventIdOf(completed)).toBe(eventIdOf({ ...completed, epoch: 2, completed_at: 9 }));
    expect(eventIdOf(completed)).toBe(uuidV5('r-1:terminal'));
  });

  test('differ between the markers of two partitions', () => {
    const marker = { type: 'EpochStarted', epoch: 4, started_at: 1 } as const;
    expect(eventIdOf(marker, 0)).not.toBe(eventIdOf(marker, 1));
  });
});
