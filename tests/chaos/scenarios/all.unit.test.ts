import { scenarioNamed, scenarios, smokeSet } from './all';
import { inSequence } from './in-sequence';

describe('the scenarios', () => {
  it('have names of their own', () => {
    const ids = scenarios(1).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('of the short set are twelve, on three systems', () => {
    const ids = smokeSet().map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(ids.flatMap((id) => id.split('+'))).toHaveLength(12);
  });

  it('with settings of their own share no system', () => {
    const expiring = scenarioNamed('F24', 1);
    const plain = scenarioNamed('F1', 1);
    if (!expiring || !plain) throw new Error('F24 and F1 are gone');
    expect(() => inSequence([plain, expiring])).toThrow('F24 needs a system of its own');
  });

  it('in sequence keep what each of them needs', () => {
    const both = inSequence(scenarios(1).filter(({ id }) => id === 'F11' || id === 'F5'));
    expect(both).toMatchObject({
      id: 'F5+F11',
      redisArgs: ['--aof-load-truncated', 'yes'],
      mayExitWith: [70, 72],
    });
  });
});
