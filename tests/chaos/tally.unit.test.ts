import { wordFor, type ResultLine } from './results';
import { tallyOf } from './tally';

const run = (changes: Partial<ResultLine>): ResultLine => ({
  scenario: 'random',
  title: 'all sorts',
  bound: 'everything',
  seed: '1',
  commit: 'abc',
  at: 1,
  node: 'v20',
  machine: '2 × cpu',
  load: 1.5,
  ordersPerSecond: 100,
  verdict: 'clean',
  anomalies: {},
  counts: {},
  recoveries: [],
  ...changes,
});

describe('the tally of many runs', () => {
  it('counts a run that was slow and of which something could not be told as one that could not tell', () => {
    const untold = [{ check: 'everything', why: 'only 1 of 3 orders was ever accepted' }];
    const slow = { 'slow-recovery': 1 };
    expect(wordFor({ verdict: 'anomalies', anomalies: slow, untold })).toBe('cannot tell');
    expect(wordFor({ verdict: 'anomalies', anomalies: slow, untold: [] })).toBe('anomalies');
    expect(wordFor({ verdict: 'anomalies', anomalies: { ...slow, oversell: 1 }, untold })).toBe('anomalies');
    expect(wordFor({ verdict: 'clean', anomalies: {}, untold: [] })).toBe('clean');
  });

  it('names each anomaly and each run without a verdict, and tells slow from broken', () => {
    const lines = tallyOf([
      run({}),
      run({ seed: '2', verdict: 'anomalies', anomalies: { 'slow-recovery': 3 } }),
      run({ seed: '3', verdict: 'anomalies', anomalies: { oversell: 1, 'slow-recovery': 1 } }),
      run({ seed: '4', verdict: 'no verdict', error: 'no ports' }),
    ]);
    expect(lines).toEqual([
      '1 of 4 runs are clean; every invariant held in 2',
      '  random seed 2: slow-recovery (3)',
      '  random seed 3: oversell (1), slow-recovery (1)',
      '  random seed 4: NO VERDICT: no ports',
    ]);
  });
});
