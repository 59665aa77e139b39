import { CircuitBreaker, type Attempt, type Permit } from './circuit-breaker';

const limits = { failureThreshold: 3, successThreshold: 2, baseTimeoutMs: 1_000, maxTimeoutMs: 4_000 };

const pass = (breaker: CircuitBreaker): Permit => {
  const permit = breaker.tryPass();
  if (permit.kind !== 'permit') throw new Error(`refused for ${permit.retryAfterMs} ms`);
  return permit;
};
const attempt = (breaker: CircuitBreaker, ...attempts: readonly Attempt[]): void => {
  for (const each of attempts) breaker.settle(pass(breaker), each);
};

describe('the breaker', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());
  const create = (onChange?: (state: string, pauseMs: number) => void): CircuitBreaker =>
    new CircuitBreaker(limits, () => performance.now(), onChange);
  const opened = (): CircuitBreaker => {
    const breaker = create();
    attempt(breaker, 'failure', 'failure', 'failure');
    return breaker;
  };

  it('opens after the threshold of failures in a row, not before', () => {
    const breaker = create();
    attempt(breaker, 'failure', 'failure');
    expect(breaker.state).toBe('closed');
    attempt(breaker, 'success', 'failure', 'failure');
    expect(breaker.state).toBe('closed');
    attempt(breaker, 'failure');
    expect(breaker.state).toBe('open');
  });

  it('does not count failures beside attempts that began later and succeeded', () => {
    const breaker = create();
    const ofOnePartition = Array.from({ length: 10 }, () => pass(breaker));
    attempt(breaker, 'success');
    for (const permit of ofOnePartition) breaker.settle(permit, 'failure');
    expect(breaker.state).toBe('closed');
    attempt(breaker, 'failure', 'failure', 'failure');
    expect(breaker.state).toBe('open');
  });

  it('gives the place of a probe that failed beside one that succeeded to the next one', () => {
    const breaker = opened();
    jest.advanceTimersByTime(1_000);
    const probes = [pass(breaker), pass(breaker)];
    breaker.settle(probes[0]!, 'success');
    breaker.settle(probes[1]!, 'failure');
    expect(breaker.state).toBe('half-open');
    attempt(breaker, 'success');
    expect(breaker.state).toBe('closed');
  });

  it('does not count what says nothing of the log', () => {
    const breaker = create();
    attempt(breaker, 'failure', 'failure', 'unused', 'unused', 'unused');
    expect(breaker.state).toBe('closed');
  });

  it('says while open when it will try again', () => {
    const breaker = opened();
    jest.advanceTimersByTime(400);
    expect(breaker.tryPass()).toEqual({ kind: 'refused', retryAfterMs: 600 });
    expect(breaker.retryAfterMs).toBe(600);
  });

  it('lets as many probes through as it needs successes, and closes when all succeed', () => {
    const breaker = opened();
    jest.advanceTimersByTime(1_000);
    expect(breaker.state).toBe('half-open');
    const probes = [pass(breaker), pass(breaker)];
    expect(breaker.tryPass().kind).toBe('refused');
    breaker.settle(probes[0]!, 'success');
    expect(breaker.state).toBe('half-open');
    breaker.settle(probes[1]!, 'success');
    expect(breaker.state).toBe('closed');
    expect(breaker.tryPass().kind).toBe('permit');
  });

  it('gives the place of a probe that was not used to the next one', () => {
    const breaker = opened();
    jest.advanceTimersByTime(1_000);
    const probes = [pass(breaker), pass(breaker)];
    breaker.settle(probes[0]!, 'unused');
    expect(breaker.tryPass().kind).toBe('permit');
  });

  it('doubles its pause with every failed probe, up to the longest, and starts over once closed', () => {
    const pauses: number[] = [];
    const breaker = create((state, pauseMs) => {
      if (state === 'open') pauses.push(pauseMs);
    });
    attempt(breaker, 'failure', 'failure', 'failure');
    for (let probe = 0; probe < 3; probe += 1) {
      jest.advanceTimersByTime(breaker.retryAfterMs);
      attempt(breaker, 'failure');
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 4_000]);
    jest.advanceTimersByTime(4_000);
    attempt(breaker, 'success', 'success', 'failure', 'failure', 'failure');
    expect(pauses.at(-1)).toBe(1_000);
  });

  it('opens again when the first probe succeeds and the second fails', () => {
    const breaker = opened();
    jest.advanceTimersByTime(1_000);
    attempt(breaker, 'success', 'failure');
    expect(breaker.state).toBe('open');
    expect(breaker.retryAfterMs).toBe(2_000);
  });

  it('takes no notice of attempts that began before its last change', () => {
    const breaker = create();
    const early = Array.from({ length: 500 }, () => pass(breaker));
    for (const permit of early) breaker.settle(permit, 'failure');
    expect(breaker.retryAfterMs).toBe(1_000);
    jest.advanceTimersByTime(1_000);
    breaker.settle(early[0]!, 'success');
    breaker.settle(early[1]!, 'failure');
    expect(breaker.state).toBe('half-open');
    expect(pass(breaker).kind).toBe('permit');
  });

  it('runs no timer', () => {
    opened();
    expect(jest.getTimerCount()).toBe(0);
  });
});
