import fc from 'fast-check';
import { WindowLimiter } from './window-limiter';

const limits = { requestsMax: 3, windowMs: 1_000 };

describe('the limiter', () => {
  let nowMs = 0;
  const create = (keysMax?: number): WindowLimiter => new WindowLimiter(limits, () => nowMs, keysMax);
  beforeEach(() => (nowMs = 0));

  it('lets the limit through within a window, and says when the next one may come', () => {
    const limiter = create();
    const kinds = [0, 100, 200, 300].map((at) => {
      nowMs = at;
      return limiter.count('alice').kind;
    });
    expect(kinds).toEqual(['counted', 'counted', 'counted', 'limited']);
    expect(limiter.count('alice')).toEqual({ kind: 'limited', retryAfterMs: 700 });
    nowMs = 1_000;
    expect(limiter.count('alice')).toEqual({ kind: 'counted', quota: { remaining: 0, resetMs: 100 } });
  });

  it('counts each key alone', () => {
    const limiter = create();
    for (let at = 0; at < 4; at += 1) limiter.count('alice');
    expect(limiter.count('bob').kind).toBe('counted');
  });

  it('never lets more than the limit through in any window, however requests are spaced', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(700), { maxLength: 60 }), (gaps) => {
        nowMs = 0;
        const limiter = create();
        const counted: number[] = [];
        for (const gap of gaps) {
          nowMs += gap;
          const isLimited = counted.filter((at) => at > nowMs - limits.windowMs).length >= limits.requestsMax;
          expect(limiter.count('alice').kind).toBe(isLimited ? 'limited' : 'counted');
          if (!isLimited) counted.push(nowMs);
        }
      }),
    );
  });

  it('forgets the key used longest ago when it knows too many', () => {
    const limiter = create(2);
    for (let at = 0; at < 3; at += 1) limiter.count('alice');
    limiter.count('bob');
    expect(limiter.count('alice').kind).toBe('limited');
    limiter.count('carol');
    expect(limiter.size).toBe(2);
    expect(limiter.count('alice').kind).toBe('limited');
  });
});
