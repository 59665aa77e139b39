import { stripVTControlCharacters } from 'node:util';
import { bar, count, duration } from '../render/figures';
import { harmless, padEnd, padStart, widthOf, type Paint } from '../render/paint';
import { leftCell, soldBar } from '../render/items';
import type { News, Snapshot } from './snapshot';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** Rates are the mean of this many whole seconds; the one that is not over yet counts for nothing. */
const rateSeconds = 5;
const sparkSeconds = 60;
const levels = [' ', '.', ':', '-', '=', '+', '*', '#'];

const whole = ({ seconds }: Snapshot): Snapshot['seconds'] => seconds.slice(0, -1);

const rate = (snapshot: Snapshot, of: (second: Snapshot['seconds'][number]) => number): number =>
  whole(snapshot)
    .slice(-rateSeconds)
    .reduce((total, second) => total + of(second), 0) / rateSeconds;

const failedOf = ({ failed }: Snapshot['seconds'][number]): number =>
  Object.values(failed).reduce((total, orders) => total + orders, 0);

/** Orders accepted in each of the last seconds, as heights. */
const spark = (snapshot: Snapshot): string => {
  const values = whole(snapshot)
    .slice(-sparkSeconds)
    .map(({ accepted }) => accepted);
  const most = Math.max(1, ...values);
  return values
    .map(
      (value) =>
        levels[value === 0 ? 0 : Math.max(1, Math.round((value / most) * (levels.length - 1)))] ?? ' ',
    )
    .join('');
};

const figure = (name: string, value: string): string => `${name} ${value}`;

const headLines = (snapshot: Snapshot, paint: Paint): readonly string[] => {
  const { latency, lag_ms: lagMs, oversold, dead_letters: letters } = snapshot;
  const wanted = (value: number): string => (value === 0 ? count(0) : paint.bad(count(value)));
  return [
    [
      figure('accepted/s', paint.bold(count(Math.round(rate(snapshot, ({ accepted }) => accepted))))),
      figure('completed/s', paint.good(count(Math.round(rate(snapshot, ({ completed }) => completed))))),
      figure('failed/s', count(Math.round(rate(snapshot, failedOf)))),
      figure('open', count(snapshot.open_orders)),
    ].join('   '),
    [
      figure('lag', lagMs === null ? paint.warn('unknown') : duration(lagMs)),
      figure('decided p50/p99', latency ? `${duration(latency.p50)} / ${duration(latency.p99)}` : '-'),
      figure('dead letters', wanted(letters)),
      figure('oversold', wanted(oversold)),
    ].join('   '),
    '',
    `${paint.dim('accepted, last minute')}  |${spark(snapshot)}|`,
  ];
};

const failureLines = (snapshot: Snapshot, paint: Paint): readonly string[] => {
  const byReason = new Map<string, number>();
  for (const { failed } of snapshot.seconds) {
    for (const [reason, orders] of Object.entries(failed))
      byReason.set(reason, (byReason.get(reason) ?? 0) + orders);
  }
  const sorted = [...byReason].sort(([, a], [, b]) => b - a);
  const most = sorted[0]?.[1] ?? 0;
  if (sorted.length === 0) return [paint.dim('no order failed in the last two minutes')];
  return [
    paint.dim('failed, last two minutes'),
    ...sorted.map(
      ([reason, orders]) => `  ${padEnd(reason, 16)} ${bar(orders, most, 20)} ${padStart(count(orders), 8)}`,
    ),
  ];
};

const nameWidth = 24;

/** In the order of the server: oversold ones first, so that they are on the smallest screen. */
const stockLines = ({ items }: Snapshot, paint: Paint, rowsMax: number): readonly string[] => {
  const shown = items.slice(0, Math.max(1, rowsMax));
  const more = items.length - shown.length;
  return [
    paint.dim(
      `${padEnd('stock', nameWidth + 2)}${padEnd('sold', 32)}${padStart('left', 10)}${padStart('pending', 10)}`,
    ),
    ...shown.map((item) => {
      const name = padEnd(harmless(item.item_id).slice(0, nameWidth), nameWidth);
      return `  ${name}${soldBar(item, 30)}  ${leftCell(item, paint, 10)}${padStart(count(item.pending), 10)}`;
    }),
    ...(more > 0 ? [paint.dim(`  and ${more} more: flash-sale stock show`)] : []),
  ];
};

const titleOf = (news: News, paint: Paint): string => {
  if (news.kind === 'unknown') return paint.bad(`The views do not answer since ${news.since}.`);
  const { at, pipeline } = news.snapshot;
  const unwell = pipeline.processes.filter(({ state }) => state !== 'up');
  const list = unwell.map(({ name, state }) => `${name} ${state}`).join(', ');
  const state = unwell.length === 0 ? paint.good('up') : paint.bad(harmless(list));
  return `${paint.bold('flash-sale')}  ${at.slice(11, 19)} UTC  ${state}  ${paint.dim('q quits')}`;
};

/** What the screen shows. While nobody knows the figures, the last known ones stay, under a line that says so. */
export const frameLines = (
  news: News,
  last: Snapshot | undefined,
  size: FrameSize,
  paint: Paint,
): readonly string[] => {
  const snapshot = news.kind === 'snapshot' ? news.snapshot : last;
  if (!snapshot) return [titleOf(news, paint)];
  const head = [titleOf(news, paint), ...headLines(snapshot, paint), ''];
  const failures = failureLines(snapshot, paint);
  const rowsLeft = size.rows - head.length - failures.length - 4;
  const all = [...head, ...stockLines(snapshot, paint, rowsLeft), '', ...failures];
  return all
    .slice(0, size.rows - 1)
    .map((line) => (widthOf(line) <= size.columns ? line : cut(line, size.columns)));
};

/** A line that is too wide would wrap and shift all others; it loses its colours instead. */
const cut = (line: string, columns: number): string =>
  Array.from(stripVTControlCharacters(line)).slice(0, columns).join('');
