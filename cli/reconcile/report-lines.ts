import { count } from '../render/figures';
import { harmless, type Paint } from '../render/paint';
import { table } from '../render/table';
import type { Difference, Report } from './report';

const shownPerClass = 20;

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '-';
  if (typeof value !== 'object') return harmless(typeof value === 'string' ? value : JSON.stringify(value));
  if (Array.isArray(value)) return value.map(cell).join(', ');
  return Object.entries(value)
    .map(([name, one]) => `${name} ${cell(one)}`)
    .join(', ');
};

const rowOf = ({ class: name, key, expected, actual, offsets }: Difference): readonly string[] => [
  name,
  harmless(key),
  cell(expected),
  cell(actual),
  offsets.slice(0, 3).join(' '),
];

const differenceLines = (report: Report, paint: Paint): readonly string[] => {
  const shown = report.classes.flatMap(({ class: name }) =>
    report.differences.filter((difference) => difference.class === name).slice(0, shownPerClass),
  );
  const columns = ['class', 'key', 'the log says', 'the store holds', 'records'].map((title) => ({ title }));
  return [
    ...table(columns, shown.map(rowOf), paint),
    '',
    ...report.classes.map(
      ({ class: name, meaning, count: times }) => `${paint.bad(name)} ${count(times)}: ${meaning}`,
    ),
  ];
};

const verdictOf = (report: Report, paint: Paint): string => {
  const total = report.classes.reduce((sum, { count: times }) => sum + times, 0);
  switch (report.verdict) {
    case 'clean':
      return paint.good('clean: everything agrees with the log');
    case 'differences':
      return paint.bad(`${count(total)} ${total === 1 ? 'difference' : 'differences'}`);
    case 'cannot tell':
      return paint.warn('could not tell');
  }
};

export const reportLines = (report: Report, paint: Paint): readonly string[] => {
  const seen = Object.entries(report.looked_at).map(([what, number]) => `${count(number)} ${what}`);
  return [
    ...(report.classes.length === 0 ? [] : [...differenceLines(report, paint), '']),
    ...report.untold.map((why) => `${paint.warn('not told')} ${harmless(why)}`),
    ...(report.skipped ?? []).map((what) => `not asked for: ${what}`),
    ...(seen.length === 0 ? [] : [`looked at ${seen.join(', ')}`]),
    verdictOf(report, paint),
  ];
};
