import { isStalled, shownState } from '../../migrations/rebuilds/stalled';
import { progressLine } from '../replay/progress-line';
import { Lockstep } from './lockstep';
import { ProgressMeter } from './progress';
import { rule, type RebuildFacts, type RebuildState } from './rebuild-state';
import { stretchesLeft, truncated } from './targets';
import { emptyCursor } from '../batch';

const facts = (state: RebuildState | undefined, more: Partial<RebuildFacts> = {}): RebuildFacts => ({
  state,
  isShapeOfToday: true,
  acceptsDifferences: false,
  hasLive: true,
  ...more,
});

describe('the rules of a rebuild', () => {
  it('start goes on with what was begun, unless it has another shape', () => {
    expect(rule('start', facts('BUILDING')).kind).toBe('go-on');
    expect(rule('start', facts('BUILDING', { isShapeOfToday: false })).kind).toBe('begin');
    expect(rule('start', facts('SWITCHED')).kind).toBe('begin');
    expect(rule('start', facts(undefined)).kind).toBe('begin');
  });

  it('switch wants a verified view, or somebody who accepts the difference, or nothing to compare with', () => {
    expect(rule('switch', facts('VERIFIED')).kind).toBe('go-on');
    expect(rule('switch', facts('BUILT')).kind).toBe('refused');
    expect(rule('switch', facts('BUILT', { acceptsDifferences: true })).kind).toBe('go-on');
    expect(rule('switch', facts('BUILT', { hasLive: false })).kind).toBe('go-on');
    expect(rule('switch', facts('BUILDING', { acceptsDifferences: true })).kind).toBe('refused');
  });

  it('verify and switch want tables of the version that this release writes, whatever is accepted', () => {
    const former = facts('VERIFIED', { isShapeOfToday: false, acceptsDifferences: true, hasLive: false });
    expect(rule('verify', former).kind).toBe('refused');
    expect(rule('switch', former).kind).toBe('refused');
  });

  it('rollback wants a switch', () => {
    expect(rule('rollback', facts('SWITCHED')).kind).toBe('go-on');
    for (const state of [undefined, 'BUILDING', 'BUILT', 'VERIFIED', 'ROLLED_BACK'] as const) {
      expect(rule('rollback', facts(state)).kind).toBe('refused');
    }
  });
});

describe('progress', () => {
  it('tells rate and time left', () => {
    const meter = new ProgressMeter();
    meter.add({ atMs: 0, done: 0, total: 10_000 });
    meter.add({ atMs: 1_000, done: 2_500, total: 10_000 });
    expect(meter.progress()).toEqual({ share: 0.25, eventsPerSecond: 2_500, etaMs: 3_000, left: 7_500 });
  });

  it('of an empty log is complete', () => {
    const meter = new ProgressMeter();
    meter.add({ atMs: 0, done: 0, total: 0 });
    expect(meter.progress()).toMatchObject({ share: 1, left: 0, etaMs: 0 });
    expect(progressLine(meter.progress())).toContain('100 %');
  });

  it('is a stall after 30 s without a step, and only with something left', () => {
    expect(isStalled(0, 1, 29_999)).toBe(false);
    expect(isStalled(0, 1, 30_000)).toBe(true);
    expect(isStalled(0, 0, 90_000)).toBe(false);
  });

  it('is STALLED for a watcher too, also when its builder died before the first count', () => {
    const noted = { state: 'BUILDING', progressed_at: 0, stalled_after_ms: 30_000 };
    const at = (done: number, total: number): string =>
      shownState({ ...noted, events_done: done, events_total: total }, 30_000);
    expect([at(0, 0), at(1, 2), at(2, 2)]).toEqual(['STALLED', 'STALLED', 'BUILDING']);
  });

  it('never shows 100 % before the end', () => {
    const line = progressLine({ share: 0.9999, eventsPerSecond: 1_234.5, etaMs: 61_000, left: 1 });
    expect(line).toContain(' 99 %');
    expect(line).toContain('1 min 1 s');
  });
});

describe('what is left to fold', () => {
  const ranges = new Map([['t', [{ partition: 0, low: 0, high: 10 }]]]);
  const at = (next: number) => new Map([['t:0', { ...emptyCursor, next }]]);

  it('ends where the live view stands', () => {
    expect(stretchesLeft(ranges, at(2), at(7))).toEqual([{ topic: 't', partition: 0, from: 2, to: 7 }]);
    expect(stretchesLeft(ranges, at(7), at(7))).toEqual([]);
  });

  it('ends at the end of the log without a live view', () => {
    expect(stretchesLeft(ranges, new Map(), undefined)).toEqual([
      { topic: 't', partition: 0, from: 0, to: 10 },
    ]);
  });

  it('cannot be told when the beginning is gone', () => {
    expect(truncated(ranges)).toEqual([]);
    expect(truncated(new Map([['t', [{ partition: 0, low: 4, high: 10 }]]]))).toEqual([
      't:0 begins at offset 4',
    ]);
  });
});

describe('lockstep', () => {
  it('combines equally many items of each stream, and the rest of the longer one alone', async () => {
    const combined: number[][][] = [];
    const lockstep = new Lockstep<number>(2, 2, async (slices) => {
      combined.push(slices.map((slice) => [...slice]));
    });
    const long = lockstep.offer(0, [1, 2, 3]).then(() => lockstep.end(0));
    const short = lockstep.offer(1, [10]).then(() => lockstep.end(1));
    await Promise.all([long, short]);
    expect(combined).toEqual([[[1], [10]], [[2, 3]]]);
  });

  it('tells every stream when one fails', async () => {
    const lockstep = new Lockstep<number>(2, 2, async () => undefined);
    const waiting = lockstep.offer(0, [1]);
    lockstep.fail(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(lockstep.offer(1, [2])).rejects.toThrow('gone');
  });

  it('fails as combining does', async () => {
    const lockstep = new Lockstep<number>(1, 2, async () => {
      throw new Error('no database');
    });
    await expect(lockstep.offer(0, [1])).rejects.toThrow('no database');
  });
});
