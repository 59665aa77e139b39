import type { Violation } from './judge-run';
import type { RuleName } from './rules-off';
import { runSeed } from './run-seed';

/** `SEED=87` replays one run; `make simulate SEEDS=20000` runs many on all cores, and so does `make test`. */
const only = process.env['SEED'];
const count = Number(process.env['SEEDS'] ?? 100);
const seeds = only === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(only)];

/** Seeds to look through for each rule: the absence of R3 shows in 2 runs of 4,000, first with seed 2915. */
const seedsPerRule = 8_000;
/** Where to begin, so that the rarest is found in a second instead of fifty. Changed sagas have other runs: then it looks on. */
const firstSeeds: Partial<Record<RuleName, number>> = { 'R3 epoch checked': 2_900 };
/** What goes wrong without each rule. Any of its names will do; others beside them are consequences. */
const without: Readonly<Record<RuleName, readonly Violation[]>> = {
  'R2 decisions recorded': ['terminal-conflict'],
  'R2 refusals recorded': ['terminal-conflict'],
  'R3 epoch checked': ['terminal-conflict', 'oversell'],
  'R4 run id gate': ['oversell', 'stock-leak', 'terminal-conflict'],
  'R5 fence in the log': ['unresolved', 'oversell', 'terminal-conflict'],
  'R6 check after the acknowledgement': ['unresolved'],
  'R6 check in the log': ['unresolved'],
  'R7 commit last': ['unresolved'],
  'R8 charges by epoch': ['charged-failed', 'refunded-completed'],
  'R8 cancel is done': ['double-charge', 'charged-failed'],
  'R9 settle once': ['stock-leak'],
  'R10 expiry after emission': ['terminal-conflict'],
  'R11 horizon': ['terminal-conflict'],
  'R11 forgotten keys': ['terminal-conflict'],
  'R11 index read': ['terminal-conflict'],
  'R12 rebuild on every restart': ['oversell', 'stock-leak', 'terminal-conflict'],
  'sales as of the order': ['refused-on-sale', 'sold-off-sale'],
  'sales caught up': ['sold-off-sale'],
};

describe('the saga under simulated faults', () => {
  const limit = Error.stackTraceLimit;
  beforeAll(() => {
    /** Thousands of simulated failures a second: their stacks would take most of the time. */
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = limit;
  });

  it(`keeps every invariant in ${seeds.length} seeded runs`, async () => {
    const bad: string[] = [];
    for (const seed of seeds) {
      const { violations } = await runSeed({ seed });
      if (violations.length > 0) bad.push(`SEED=${seed}: ${violations.join(', ')}`);
    }
    expect(bad).toEqual([]);
  }, 600_000);

  it('gives the same run for the same seed', async () => {
    expect(await runSeed({ seed: 7 })).toEqual(await runSeed({ seed: 7 }));
  });

  it.each(Object.entries(without) as [RuleName, readonly Violation[]][])(
    'breaks without rule %s: %j',
    async (rule, expected) => {
      const found: Violation[] = [];
      const first = firstSeeds[rule] ?? 1;
      for (
        let seed = first;
        seed < first + seedsPerRule && !found.some((it) => expected.includes(it));
        seed += 1
      ) {
        found.push(...(await runSeed({ seed, without: rule })).violations);
      }
      expect(expected).toContain(found.find((it) => expected.includes(it)));
    },
    600_000,
  );
});
