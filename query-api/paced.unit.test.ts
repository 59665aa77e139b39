import { paced } from './paced';

describe('a paced read', () => {
  let nowMs = 0;
  const readTaking = (tookMs: number) => {
    let reads = 0;
    return paced(
      async () => {
        nowMs += tookMs;
        reads += 1;
        return reads;
      },
      () => nowMs,
    );
  };

  it('that took 50 ms is made again after a second, and not before', async () => {
    const read = readTaking(50);
    expect(await read()).toBe(1);
    nowMs += 900;
    expect(await read()).toBe(1);
    nowMs += 50;
    expect(await read()).toBe(2);
  });

  it('that failed is tried again at once', async () => {
    let isBroken = true;
    const read = paced(
      async () => {
        if (isBroken) throw new Error('away');
        return 'there';
      },
      () => nowMs,
    );
    await expect(read()).rejects.toThrow('away');
    isBroken = false;
    expect(await read()).toBe('there');
  });
});
