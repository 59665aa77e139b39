import { growths, isFlat } from './growth';
import type { Resources } from './resource-sampler';

const life = (pid: number, rss: (second: number) => number, seconds = 120): readonly Resources[] =>
  Array.from({ length: seconds / 2 }, (_, index) => ({
    process: `saga-${pid}`,
    pid,
    at: index * 2_000,
    rssMb: rss(index * 2),
    descriptors: 30,
  }));

describe('the growth of a process', () => {
  it('is seen when memory rises all the time', () => {
    const [found] = growths(life(1, (second) => 100 + second * 4));
    expect(found?.rssMb).toEqual([276, 516]);
    expect(found && isFlat(found)).toBe(false);
  });

  it('is none when memory stays after the start', () => {
    const [found] = growths(life(1, (second) => (second < 10 ? 60 : 120 + (second % 7))));
    expect(found && isFlat(found)).toBe(true);
  });

  it('is not told of a life of half a minute, and of each life alone', () => {
    expect(growths(life(1, () => 100, 30))).toEqual([]);
    expect(growths([...life(1, () => 100), ...life(2, () => 300)]).map(({ rssMb }) => rssMb[1])).toEqual([
      100, 300,
    ]);
  });
});
