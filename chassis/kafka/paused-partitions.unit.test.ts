import { PausedPartitions } from './paused-partitions';

describe('paused partitions', () => {
  it('pause longer with each failure in a row, up to 400 ms, and each for itself', () => {
    const paused = new PausedPartitions();
    const pauses = [0, 1_000, 2_000, 3_000, 4_000, 5_000].map((nowMs) => {
      paused.noteFailure('t:0', nowMs);
      return paused.nextEndMs(nowMs);
    });
    expect(pauses).toEqual([20, 50, 100, 200, 400, 400]);
    expect(paused.isPaused('t:0', 5_399)).toBe(true);
    expect(paused.isPaused('t:0', 5_400)).toBe(false);
    expect(paused.isPaused('t:1', 5_000)).toBe(false);
  });

  it('begin anew after a success', () => {
    const paused = new PausedPartitions();
    paused.noteFailure('t:0', 0);
    paused.noteFailure('t:0', 100);
    paused.noteSuccess('t:0');
    expect(paused.nextEndMs(100)).toBeUndefined();
    paused.noteFailure('t:0', 200);
    expect(paused.nextEndMs(200)).toBe(20);
  });

  it('tell the next end of those that last', () => {
    const paused = new PausedPartitions();
    paused.noteFailure('t:0', 0);
    paused.noteFailure('t:1', 90);
    paused.noteFailure('t:2', 95);
    expect(paused.nextEndMs(100)).toBe(10);
    expect(paused.nextEndMs(200)).toBeUndefined();
  });
});
