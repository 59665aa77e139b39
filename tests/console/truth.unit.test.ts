import type { Fact } from './log-facts';
import type { Shown } from './shown';
import { liesOf } from './truth';

const nowMs = 1_800_000_000_000;
const fact = (agoMs: number, kind: Fact['kind'], units: number, tookMs = 0): Fact => ({
  atMs: nowMs - agoMs,
  kind,
  itemId: 'shoe',
  units,
  tookMs,
});

/** Two orders long ago, of which one is decided; one accepted and one decided in the second before. */
const facts = [
  fact(9_000, 'accepted', 3),
  fact(9_000, 'accepted', 2),
  fact(8_000, 'completed', 3, 1_000),
  fact(500, 'accepted', 4),
  fact(400, 'completed', 2, 8_600),
  // Ten accepted and one decided some seconds ago, of another item.
  ...Array.from({ length: 10 }, () => ({ ...fact(3_500, 'accepted', 1), itemId: 'hat' })),
  { ...fact(3_000, 'failed', 1, 500), itemId: 'hat' },
  ...Array.from({ length: 9 }, () => ({ ...fact(2_600, 'completed', 1, 900), itemId: 'hat' })),
  fact(6_000, 'letter', 0),
];

const honest: Shown = {
  fromMs: nowMs,
  toMs: nowMs,
  secondMs: nowMs,
  lagMs: 0,
  item: { note: '', sold: 3, stocked: 10, pending: 6, left: 7 },
  oversold: 0,
  letters: 1,
  open: 2,
  acceptedPerSecond: 2,
  decidedPerSecond: 2,
  latency: [],
  accepted: 13,
  completed: 10,
  failed: 1,
};

const lies = (shown: Partial<Shown>): readonly string[] =>
  liesOf({ ...honest, ...shown }, facts, { itemId: 'shoe', stocked: 10, stalenessMs: 2_000 });

describe('what a page shows', () => {
  it('is true when it is what the log held within the staleness', () => {
    expect(lies({})).toEqual([]);
    expect(lies({ item: { ...honest.item, sold: 5, pending: 0, left: 5 }, completed: 11, open: 1 })).toEqual(
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
    ['a failure that is not in the log', { failed: 2 }, 'failed'],
    ['more open than are', { open: 3 }, 'open'],
    ['a letter that nobody parked', { letters: 2 }, 'dead letters'],
    ['no letter where one is', { letters: 0 }, 'dead letters'],
    ['more accepted a second than were', { acceptedPerSecond: 4 }, 'accepted a second'],
    ['none accepted a second', { acceptedPerSecond: 0 }, 'accepted a second'],
    ['less decided a second than were', { decidedPerSecond: 1 }, 'decided a second'],
    ['a latency that no order had', { latency: ['8.6 s', '7.0 s'] }, 'latency'],
    ['a latency of long ago', { latency: ['1.0 s'] }, 'latency'],
    ['an oversale', { oversold: 1 }, 'oversold'],
    ['what it cannot read', { completed: Number.NaN }, 'completed'],
  ] as const)('is a lie: %s', (_what, shown, name) => {
    expect(lies(shown).map((lie) => lie.slice(0, lie.indexOf(':')))).toEqual([name]);
  });
});
