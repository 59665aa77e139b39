import { always, coolDown, isBack, never, warmUp } from './cool-down';

describe('the cool-down after the last fault', () => {
  /** Asks each quarter of a second; `accepted` is how many were by then. */
  const backAfterMs = (accepted: (ms: number) => number): number | undefined => {
    let nowMs = 0;
    const isOver = isBack({ counts: () => ({ 'buy ok': accepted(nowMs) }) }, 20);
    for (; nowMs <= 36_000; nowMs += 250) if (isOver(nowMs)) return nowMs;
    return undefined;
  };

  it('is over after one window when orders are accepted at their pace', () => {
    expect(backAfterMs((ms) => 1_000 + (ms * 20) / 1_000)).toBe(5_000);
  });

  it('waits for a recovery that takes 20 s', () => {
    expect(backAfterMs((ms) => (Math.max(0, ms - 20_000) * 20) / 1_000)).toBe(24_750);
  });

  it('is not over while too few are accepted, or none', () => {
    expect(backAfterMs((ms) => (ms * 18) / 1_000)).toBeUndefined();
    expect(backAfterMs(() => 0)).toBeUndefined();
  });

  it('is like the warm-up, which lasts at least as long as asked, and until it is warm', async () => {
    const took = async (leastMs: number, isWarm: (nowMs: number) => boolean): Promise<number> => {
      const startedAtMs = performance.now();
      await warmUp(leastMs, isWarm);
      return performance.now() - startedAtMs;
    };
    expect(await took(300, always)).toBeGreaterThanOrEqual(290);
    const warmAtMs = performance.now() + 700;
    expect(await took(1, (nowMs) => nowMs >= warmAtMs)).toBeGreaterThanOrEqual(690);
  });

  it('ends by itself', async () => {
    const startedAtMs = performance.now();
    await coolDown(300, never);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(290);
  });
});
