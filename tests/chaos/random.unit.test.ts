import { createRandom } from './random';
import { parseFailpoint } from './failpoint';

describe('random numbers of a run', () => {
  const draw = (seed: string): readonly number[] => Array.from({ length: 20 }, createRandom(seed).next);

  it('are the same for the same seed and others for another', () => {
    expect(draw('7')).toEqual(draw('7'));
    expect(draw('7')).not.toEqual(draw('8'));
  });

  it('of one purpose do not depend on what another has drawn', () => {
    const one = createRandom('7');
    const other = createRandom('7');
    other.next();
    expect(one.fork('buyers').next()).toBe(other.fork('buyers').next());
  });

  it('stay within their bounds', () => {
    const random = createRandom('7');
    const drawn = Array.from({ length: 1_000 }, () => random.integer(2, 4));
    expect([...new Set(drawn)].sort()).toEqual([2, 3, 4]);
  });
});

describe('a failpoint', () => {
  it('names a step and how often it is passed before', () => {
    expect(parseFailpoint('after-settle@3')).toEqual({ step: 'after-settle', nth: 3, end: 'kill' });
    expect(parseFailpoint('before-commit@1:sleep')).toEqual({ step: 'before-commit', nth: 1, end: 'sleep' });
  });

  it('that cannot fire is refused', () => {
    expect(() => parseFailpoint('after-settle')).toThrow('write step@count');
  });
});
