import { backoffMs, DeadlineError, pause, withDeadline } from './deadline';

const never = new Promise<never>(() => undefined);

describe('withDeadline', () => {
  it('gives the result of work that is in time', async () => {
    await expect(withDeadline(Promise.resolve(7), 1_000, 'work')).resolves.toBe(7);
  });

  it('rejects with the name of what was late', async () => {
    await expect(withDeadline(never, 5, 'the registry')).rejects.toThrow(
      new DeadlineError('the registry took longer than 5 ms'),
    );
  });

  it('passes on the failure of the work', async () => {
    await expect(withDeadline(Promise.reject(new Error('no')), 1_000, 'work')).rejects.toThrow('no');
  });
});

describe('pause', () => {
  it('ends at once when its signal aborts', async () => {
    const controller = new AbortController();
    const paused = pause(60_000, controller.signal);
    controller.abort();
    await expect(paused).resolves.toBeUndefined();
  });

  it('does not begin when its signal has aborted already', async () => {
    await expect(pause(60_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});

describe('backoffMs', () => {
  const upper = (): number => 1;
  it('doubles up to its maximum', () => {
    expect([0, 1, 2, 10, 1_000].map((attempt) => backoffMs(attempt, 100, 2_000, upper))).toEqual([
      100, 200, 400, 2_000, 2_000,
    ]);
  });

  it('spreads over the whole interval', () => {
    expect(backoffMs(3, 100, 2_000, () => 0)).toBe(0);
  });
});
