import { RequestPace } from './request-pace';

describe('the pace of requests', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  const turnOf = (pace: RequestPace, isUrgent = false): { atMs: number | undefined } => {
    const turn: { atMs: number | undefined } = { atMs: undefined };
    void pace.turn(isUrgent).then(() => (turn.atMs = performance.now()));
    return turn;
  };

  it('lets a request that comes alone begin at once', async () => {
    const pace = new RequestPace(3);
    const first = turnOf(pace);
    await jest.advanceTimersByTimeAsync(0);
    expect(first.atMs).toBe(0);
    pace.noteBegin();
    await jest.advanceTimersByTimeAsync(10);
    const alone = turnOf(pace);
    await jest.advanceTimersByTimeAsync(0);
    expect(alone.atMs).toBe(10);
  });

  it('keeps the next one back until the time since the last begin is over', async () => {
    const pace = new RequestPace(3);
    pace.noteBegin();
    await jest.advanceTimersByTimeAsync(1);
    const next = turnOf(pace);
    await jest.advanceTimersByTimeAsync(1);
    expect(next.atMs).toBeUndefined();
    await jest.advanceTimersByTimeAsync(10);
    expect(next.atMs).toBeGreaterThanOrEqual(3);
  });

  it('is not waited for by what is urgent, from the beginning or later', async () => {
    const pace = new RequestPace(300);
    pace.noteBegin();
    const urgent = turnOf(pace, true);
    await jest.advanceTimersByTimeAsync(1);
    expect(urgent.atMs).toBe(0);
    const hurried = turnOf(pace);
    await jest.advanceTimersByTimeAsync(5);
    pace.hurry();
    await jest.advanceTimersByTimeAsync(1);
    expect(hurried.atMs).toBe(6);
  });
});
