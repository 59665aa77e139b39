import { growths, isFlat } from './growth';
import type { Resources } from './resource-sampler';

const life = (pid: number, rss: (second: number) => number, seconds = 600): readonly Resources[] =>
  Array.from({ length: seconds / 2 + 1 }, (_, index) => ({
    process: `saga-${pid}`,
    pid,
    at: index * 2_000,
    rssMb: rss(index * 2),
    descriptors: 30,
  }));

/** A heap that fills for 40 s and is collected. */
const saw = (second: number): number => (second % 40) * 5;

describe('the growth of a process', () => {
  it('is seen when memory rises all the time, below the saw of its heap', () => {
    const [found] = growths(life(1, (second) => 100 + second / 4 + saw(second)));
    expect(found && found.rssMb[1] - found.rssMb[0]).toBeGreaterThan(90);
    expect(found && isFlat(found)).toBe(false);
  });

  it('is none when only the heap goes up and down', () => {
    const [found] = growths(life(1, (second) => 100 + saw(second)));
    expect(found && isFlat(found)).toBe(true);
  });

  it('is none when memory stays after the start', () => {
    const [found] = growths(life(1, (second) => (second < 50 ? 60 : 160 + (second % 7))));
    expect(found?.rssMb.every((mb) => mb > 155 && mb < 168)).toBe(true);
    expect(found && isFlat(found)).toBe(true);
  });

  it('is seen in descriptors too', () => {
    const leaking = life(1, () => 100).map((one) => ({ ...one, descriptors: 30 + one.at / 5_000 }));
    const [found] = growths(leaking);
    expect(found && isFlat(found)).toBe(false);
  });

  it('is not told of a life of five minutes, and of each life alone', () => {
    expect(growths(life(1, () => 100, 300))).toEqual([]);
    expect(growths([...life(1, () => 100), ...life(2, () => 300)]).map(({ rssMb }) => rssMb[1])).toEqual([
      100, 300,
    ]);
  });
});
