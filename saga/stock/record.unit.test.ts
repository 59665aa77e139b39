import type { OrderRecord } from '../ports';
import { parseRecord, recordText } from './record';

const order = { key: 'k', userId: 'ann', itemId: 'shoe', amount: 2 };
const refused = (detail: string | null): OrderRecord => ({
  state: 'FAILED',
  atMs: 1_800_000_000_000,
  key: 'k',
  order,
  reason: 'SOLD_OUT',
  detail,
});
const head = 'F|1800000000000|ann|shoe|2|';

describe('the record of a refusal', () => {
  it.each([null, 'asked for 2, 1 left', 'a|b|', 'línea\nuno'])('reads back with the detail %j', (detail) => {
    expect(parseRecord('k', recordText(refused(detail), true))).toEqual(refused(detail));
  });

  it('is what earlier releases write and read, as long as details are not recorded', () => {
    expect(recordText(refused('asked for 2, 1 left'), false)).toBe(`${head}SOLD_OUT`);
    expect(parseRecord('k', `${head}SOLD_OUT`)).toEqual(refused(null));
  });

  it('loses a detail that no event may hold, and nothing else', () => {
    for (const detail of ['', 'x'.repeat(1_001), 'a\u0000b', '\ud800']) {
      expect(parseRecord('k', `${head}SOLD_OUT|${detail}`)).toEqual(refused(null));
    }
  });

  it('has the reason OTHER when a later release gave one that is unknown here', () => {
    expect(parseRecord('k', `${head}TOO_LATE|by 2 s`)).toEqual({
      ...refused('by 2 s'),
      reason: 'OTHER',
    });
  });
});

describe('the record of a payment', () => {
  const paid = (paymentId: string): OrderRecord => ({
    state: 'COMPLETED',
    atMs: 1_800_000_000_000,
    order,
    paymentId,
  });

  it.each(['p-1', 'a|b', 'x'.repeat(200)])('reads back with the id %j', (paymentId) => {
    expect(parseRecord('k', recordText(paid(paymentId), true))).toEqual(paid(paymentId));
  });

  it('has an id that an event may hold, always the same one, whatever was recorded', () => {
    for (const recorded of ['', ' ', 'x'.repeat(201), 'a\nb', '\ud800']) {
      const read = parseRecord('k', recordText(paid(recorded), true));
      expect(read).toEqual(paid('unnamed-2a0ad1a1-a844-5a79-b8da-4b6f6c2f621f'));
    }
  });
});
