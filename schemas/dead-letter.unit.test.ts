import { originalHeaders, readDeadLetter, toDeadLetterRecord } from './dead-letter';

const record = {
  topic: 'order-requests',
  partition: 3,
  offset: 42,
  key: Buffer.from('order-1'),
  value: Buffer.from([9, 9, 9]),
  headers: { ce_id: Buffer.from('event-1'), odd: undefined },
};
const why = {
  reason: 'NOT_FRAMED',
  detail: 'the first byte is 9',
  consumer: 'saga',
  attempts: 2,
  failedAtMs: 1_000,
};

describe('a dead letter', () => {
  it('keeps the original key, bytes and headers', () => {
    const letter = toDeadLetterRecord(record, why);
    expect(letter).toMatchObject({ topic: 'order-dlq', key: record.key, value: record.value });
    expect(originalHeaders(letter.headers ?? {})).toEqual(record.headers);
  });

  it('says why, where from and how often', () => {
    const letter = toDeadLetterRecord(record, why);
    const parked = {
      topic: 'order-dlq',
      partition: 0,
      offset: 7,
      appendedAtMs: 9,
      headers: letter.headers ?? {},
    };
    expect(readDeadLetter(parked)).toEqual({
      source: { topic: 'order-requests', partition: 3, offset: 42 },
      ...why,
    });
  });

  it('holds no line break in its detail', () => {
    const letter = toDeadLetterRecord(record, { ...why, detail: 'one\r\ntwo\u2028three' });
    expect(letter.headers?.['dlq-detail']).toBe('one two three');
  });

  it('is about itself when a record has no letter headers', () => {
    const parked = { topic: 'order-dlq', partition: 1, offset: 5, appendedAtMs: 9, headers: {} };
    expect(readDeadLetter(parked)).toMatchObject({
      source: { topic: 'order-dlq', partition: 1, offset: 5 },
      reason: 'UNKNOWN',
      attempts: 1,
      failedAtMs: 9,
    });
  });
});
