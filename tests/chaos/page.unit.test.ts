import { chaosPage, type PageParts } from './page';
import type { PlantedResult } from './planted/results';
import type { ResultLine } from './results';

const run = (changes: Partial<ResultLine>): ResultLine => ({
  scenario: 'random',
  title: 'all | sorts',
  bound: 'everything',
  seed: '1',
  commit: 'abc',
  at: Date.UTC(2026, 0, 2),
  node: 'v20',
  machine: '2 × cpu',
  load: 1.5,
  ordersPerSecond: 100,
  seconds: 60,
  servers: 'Kafka 4.1.0',
  verdict: 'clean',
  anomalies: {},
  counts: { orders: 10 },
  recoveries: [],
  ...changes,
});

const page = (results: readonly ResultLine[], more: Partial<PageParts> = {}): string =>
  chaosPage({
    prose: '# Chaos',
    results,
    planted: [],
    bugs: ['a-b', 'c-d', 'e-f'],
    known: [
      { id: 'random', title: 'all | sorts', bound: 'everything' },
      { id: 'F9', title: 'three brokers', bound: 'none lost' },
    ],
    plots: [],
    ...more,
  });

describe('the page of results', () => {
  it('says what none in n proves', () => {
    const runs = Array.from({ length: 30 }, (_, index) => run({ seed: String(index) }));
    expect(page(runs)).toContain('no invariant was broken in 30 runs. That bounds the rate below 10 %');
    expect(page(runs)).toContain('| 30, 0 to 29 |');
  });

  it('counts no long run among the short ones, and none that could not tell', () => {
    const text = page([
      run({}),
      run({ seed: '2', seconds: 1_800, title: 'all sorts, long' }),
      run({ seed: '3', verdict: 'cannot tell' }),
    ]);
    expect(text).toContain('random faults for 60 s: no invariant was broken in 1 runs');
    expect(text).toContain('random faults for 1800 s: no invariant was broken in 1 runs');
    expect(text).toContain('| random | all sorts, long | everything | 1 of 1 | – | 2 |');
    expect(text).toContain('| random | 3 | abc | 1.5 | could not tell |');
    expect(text).toContain('| servers | Kafka 4.1.0 |');
  });

  it('counts a run that was slow as one in which the invariants held, and says how slow', () => {
    const recoveries = [{ after: 'kafka SIGKILL', measure: 'accepting_ms', bound_ms: 5_000, took_ms: 7_100 }];
    const text = page([run({ verdict: 'anomalies', anomalies: { 'slow-recovery': 1 }, recoveries })]);
    expect(text).toContain('| runs in which every invariant held | 1 |');
    expect(text).toContain('| random | kafka SIGKILL | accepting | 7.1 s | 5.0 s | 100 | 1.5 |');
  });

  it('counts one run of two scenarios as one of each, and gives each its own bounds', () => {
    const times = { measure: 'accepting_ms', bound_ms: 1_000, took_ms: 3_000 };
    const recoveries = [
      { ...times, after: 'F9: broker dies' },
      { ...times, after: 'random: all' },
    ];
    const text = page([run({ scenario: 'random+F9', recoveries })]);
    expect(text).toContain('| F9 | three brokers | none lost | 1 of 1 | 0 of 1 | 1 |');
    expect(text).toContain('| F9 | broker dies | accepting | 3.0 s | 1.0 s | 100 | 1.5 |');
  });

  it('shows a run under what its scenario was then, and its times beside the bound of then', () => {
    const times = { after: 'broker dies', measure: 'accepting_ms', took_ms: 700 };
    const old = { scenario: 'F9', title: 'two brokers', recoveries: [{ ...times, bound_ms: 9_000 }] };
    const now = { scenario: 'F9', title: 'three brokers', bound: 'none lost' };
    const text = page([run(old), run({ ...now, seed: '2', recoveries: [{ ...times, bound_ms: 1_000 }] })]);
    expect(text).toContain('| F9 | two brokers | everything | 1 of 1 | 1 of 1 | 1 |');
    expect(text).toContain('| F9 | three brokers | none lost | 1 of 1 | 1 of 1 | 2 |');
    expect(text).toContain('| F9 | broker dies | accepting | 1 | 0.7 s | 0.7 s | 9.0 s |');
    expect(text).toContain('| F9 | broker dies | accepting | 1 | 0.7 s | 0.7 s | 1.0 s |');
  });

  it('hides neither a broken invariant, nor a run without a verdict, nor a scenario that was not run', () => {
    const text = page([
      run({ verdict: 'anomalies', anomalies: { oversell: 2 } }),
      run({ seed: '2', verdict: 'no verdict', error: 'no ports' }),
    ]);
    expect(text).toContain('an invariant was broken in 1 of 1 runs');
    expect(text).toContain('oversell (2)');
    expect(text).toContain('no verdict: no ports');
    expect(text).toContain('| F9 | three brokers | none lost | not run |');
  });

  it('says which planted bug was missed, and keeps a bar out of the table', () => {
    const bug = { role: 'saga', scenario: 'F12', foundAs: ['oversell'], seed: '1', commit: 'abc', at: 1 };
    const planted: readonly PlantedResult[] = [
      { ...bug, name: 'a-b', found: ['oversell'], anomalies: { oversell: 1, duplicate: 2 }, runs: 1 },
      { ...bug, name: 'c-d', found: [], anomalies: {}, runs: 3 },
    ];
    const text = page([run({})], { planted });
    expect(text).toContain('1 of the 2 that were hunted');
    expect(text).toContain('| e f |  |  | not hunted yet |');
    expect(text).toContain('| a b | saga | F12 | run 1 | oversell | duplicate | abc, seed 1, 1970-01-01 |');
    expect(text).toContain('| c d | saga | F12 | NOT FOUND |');
    expect(text).toContain('all \\| sorts');
  });
});
