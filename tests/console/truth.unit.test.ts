import type { Fact } from './log-facts';
import type { Shown } from './shown';
import { liesOf } from './truth';

const nowMs = 1_800_000_000_000;
const fact = (agoMs: number, kind: Fact['kind'], units: number): Fact => ({
  atMs: nowMs - agoMs,
  kind,
  itemId: 'shoe',
  units,
});

/** Two orders long ago, of which one is decided; one accepted and one decided in the second before. */
const facts = [
  fact(9_000, 'accepted', 3),
  fact(9_000, 'accepted', 2),
  fact(8_000, 'completed', 3),
  fact(500, 'accepted', 4),
  fact(400, 'completed', 2),
];

const honest: Shown = {
  fromMs: nowMs,
  toMs: nowMs,
  lagMs: 0,
  item: { note: '', sold: 3, stocked: 10, pending: 6, left: 7 },
  oversold: 0,
  letters: 0,
  open: 2,
  accepted: 3,
  completed: 1,
  failed: 0,
};

const lies = (shown: Partial<Shown>): readonly string[] =>
  liesOf({ ...honest, ...shown }, facts, { itemId: 'shoe', stocked: 10, stalenessMs: 2_000 });

describe('what a page shows', () => {
  it('is true when it is what the log held within the staleness', () => {
    expect(lies({})).toEqual([]);
    expect(lies({ item: { ...honest.item, sold: 5, pending: 0, left: 5 }, completed: 2, open: 1 })).toEqual(
      [],
    );
  });

  it.each([
    ['more sold than the log has', { item: { ...honest.item, sold: 6, left: 4 } }, 'sold'],
    ['less sold than the log had before', { item: { ...honest.item, sold: 2, left: 8 } }, 'sold'],
    ['units left that do not add up', { item: { ...honest.item, left: 8 } }, 'left'],
    ['stock that nobody put there', { item: { ...honest.item, stocked: 11 } }, 'stocked'],
    ['more in progress than was accepted', { item: { ...honest.item, pending: 7 } }, 'in progress'],
    ['no order accepted', { accepted: 0 }, 'accepted'],
    ['a failure that is not in the log', { failed: 1 }, 'failed'],
    ['more open than are', { open: 3 }, 'open'],
    ['an oversale', { oversold: 1 }, 'oversold'],
    ['what it cannot read', { completed: Number.NaN }, 'completed'],
  ] as const)('is a lie: %s', (_what, shown, name) => {
    expect(lies(shown).map((lie) => lie.slice(0, lie.indexOf(':')))).toEqual([name]);
  });
});
