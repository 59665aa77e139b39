import { MetricMoves } from './metric-moves';

const seen = (...pages: string[]): MetricMoves => {
  const moves = new MetricMoves();
  for (const page of pages) moves.note('saga', page);
  return moves;
};

it('a metric has moved when its value changed, and not when it stayed', () => {
  const moves = seen('a_total 1\nb_total{x="1"} 2\n', 'a_total 2\nb_total{x="1"} 2\n');
  expect([moves.hasMoved('a_total'), moves.hasMoved('b_total')]).toEqual([true, false]);
});

it('a labelled counter that appears has moved; one that was there at first has not', () => {
  const moves = seen('a_total 1\n', 'a_total 1\nb_total{x="1"} 1\n');
  expect([moves.hasMoved('a_total'), moves.hasMoved('b_total')]).toEqual([false, true]);
});

it('is asked by labels too: their value, any other value, or that they are there', () => {
  const moves = seen('a_total{x="1",y="a"} 1\n', 'a_total{x="1",y="a"} 2\na_total{x="2",y="a"} 0\n');
  const asked = [
    'a_total{x="1"}',
    'a_total{x="3"}',
    'a_total{x!="1"}',
    'a_total{y!="a"}',
    'a_total{x,y}',
    'a_total{z}',
  ];
  expect(asked.map((name) => moves.hasMoved(name))).toEqual([true, false, true, false, true, false]);
});

it('a final star asks for each metric that begins so, and for one at least', () => {
  const moves = seen('lag_a 1\nlag_b 1\nage_a 1\n', 'lag_a 2\nlag_b 1\nage_a 2\n');
  expect(['lag_*', 'age_*', 'none_*'].map((name) => moves.hasMoved(name))).toEqual([false, true, false]);
});

it('a histogram counts as one metric', () => {
  const page = (count: number): string =>
    `h_seconds_bucket{le="1"} ${count}\nh_seconds_count ${count}\nlag_a 1\n`;
  const moves = seen(page(1), page(2));
  expect(['h_seconds', 'h_*', 'lag_a', 'none'].map((name) => moves.hasMoved(name))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('what another process says is another metric', () => {
  const moves = new MetricMoves();
  moves.note('saga', 'up 1\n');
  moves.note('projector', 'up 2\n');
  expect(moves.hasMoved('up')).toBe(false);
});
