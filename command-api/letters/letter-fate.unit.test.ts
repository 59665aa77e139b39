import type { Decoded } from '../../schemas/codec';
import { fateOf, redrivesMax, type LetterToJudge } from './letter-fate';

const order: Decoded = {
  kind: 'event',
  schemaId: 1,
  event: {
    type: 'OrderRequested',
    request_id: 'r-1',
    user_id: 'ann',
    item_id: 'shoe',
    amount: 1,
    requested_at: 1,
    sales_channel: null,
  },
};
const garbage: Decoded = { kind: 'poison', reason: 'NOT_FRAMED', detail: 'no magic byte' };

const letter = (more: Partial<LetterToJudge> = {}): LetterToJudge => ({
  id: 'order-requests:0:1',
  topic: 'order-requests',
  key: null,
  reason: 'KEY_MISMATCH',
  state: 'PARKED',
  redrives: 0,
  decoded: order,
  ...more,
});

describe('a redriven letter', () => {
  it('without a key is appended under the id of its event', () => {
    expect(fateOf(letter(), undefined)).toEqual({ effect: 'APPENDED', subject: 'r-1', key: 'r-1' });
  });

  it('changes nothing when its order is decided, also when its bytes cannot be read', () => {
    const parked = letter({ key: Buffer.from('r-1'), decoded: garbage });
    expect(fateOf(parked, 'FAILED_UNPROCESSABLE')).toMatchObject({
      effect: 'ALREADY_TERMINAL',
      subject: 'r-1',
    });
  });

  it.each([
    ['bytes that say nothing', { decoded: garbage }, /^NOT_FRAMED/],
    ['another order than its key', { key: Buffer.from('other') }, /^KEY_MISMATCH/],
    ['a second order under a used id', { reason: 'CONFLICT', key: Buffer.from('r-1') }, /^CONFLICT/],
    ['a topic that only the saga writes', { topic: 'order-outcomes' }, /make replay VIEW=orders/],
    ['too many redrives', { redrives: redrivesMax }, /^REDRIVEN_TOO_OFTEN/],
  ])('fails again with %s', (_, more, detail) => {
    expect(fateOf(letter(more), undefined)).toMatchObject({
      effect: 'FAILED_AGAIN',
      detail: expect.stringMatching(detail),
    });
  });

  it('that somebody dealt with is passed over', () => {
    expect(fateOf(letter({ state: 'DISCARDED' }), undefined)).toMatchObject({ effect: 'NOT_OPEN' });
  });
});
