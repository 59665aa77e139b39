import fc from 'fast-check';
import { decodeAnnouncement, encodeAnnouncement } from './announcement';

const arbitrary = fc.record({
  view: fc.constant('orders' as const),
  moves: fc.array(fc.tuple(fc.constant('order-requests'), fc.nat(99), fc.nat()), { maxLength: 30 }),
  decided: fc.array(fc.string({ maxLength: 200, unit: 'grapheme' }), { maxLength: 300 }),
});

describe('an announcement', () => {
  it('arrives whole, in payloads that PostgreSQL takes', () => {
    fc.assert(
      fc.property(arbitrary, (announcement) => {
        const payloads = encodeAnnouncement(announcement);
        for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
        const heard = payloads.map((payload) => decodeAnnouncement(payload));
        expect(heard.flatMap((one) => one?.decided ?? [])).toEqual(announcement.decided);
        expect(heard.flatMap((one) => one?.moves ?? [])).toEqual(announcement.moves);
      }),
    );
  });

  it.each(['', '{', 'null', '[]', '{"view":"orders"}'])('is not what %j says', (payload) =>
    expect(decodeAnnouncement(payload)).toBeUndefined(),
  );
});
