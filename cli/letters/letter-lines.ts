import { bar, count, duration, instant } from '../render/figures';
import { harmless, type Paint } from '../render/paint';
import { table } from '../render/table';
import type { Letter, LetterCommand, LetterDetail, LetterGroup, LetterPlan } from './letters';

const detailMax = 60;
const short = (text: string): string => {
  const shown = harmless(text);
  return shown.length > detailMax ? `${shown.slice(0, detailMax - 3)}...` : shown;
};

const age = (at: string, nowMs: number): string => duration(Math.max(0, nowMs - Date.parse(at)));

export const letterLines = (letters: readonly Letter[], nowMs: number, paint: Paint): readonly string[] => {
  if (letters.length === 0) return ['No letter.'];
  const columns = ['id', 'state', 'reason', 'key', 'age', 'tried', 'detail'].map((title) => ({ title }));
  return table(
    columns,
    letters.map((letter) => [
      letter.id,
      letter.state ?? '-',
      letter.reason,
      short(letter.key ?? '-'),
      age(letter.parked_at, nowMs),
      count(letter.attempts),
      short(letter.detail),
    ]),
    paint,
  );
};

export const groupLines = (
  groups: readonly LetterGroup[],
  nowMs: number,
  paint: Paint,
): readonly string[] => {
  if (groups.length === 0) return ['No letter.'];
  const columns = ['group', 'topic', 'reason', 'open', 'all', 'oldest', 'sample'].map((title) => ({ title }));
  return table(
    columns,
    groups.map((group) => [
      group.group,
      group.topic,
      group.reason,
      count(group.open),
      count(group.letters),
      age(group.oldest, nowMs),
      `${group.sample.id} ${short(group.sample.detail)}`,
    ]),
    paint,
  );
};

const textOfBytes = (base64: string | null): string => {
  if (base64 === null) return '(no value)';
  const bytes = Buffer.from(base64, 'base64');
  return `${bytes.length} bytes: ${bytes.subarray(0, 64).toString('hex')}${bytes.length > 64 ? '...' : ''}`;
};

export const letterDetailLines = (letter: LetterDetail, paint: Paint): readonly string[] => {
  const facts: readonly (readonly [string, string])[] = [
    ['state', letter.state ?? '-'],
    ['reason', letter.reason],
    ['detail', letter.detail],
    ['key', letter.key ?? '-'],
    ['item', letter.item_id ?? '-'],
    ['parked by', letter.consumer],
    ['parked at', instant(letter.parked_at)],
    ['tried', count(letter.attempts)],
    ['group', letter.group ?? '-'],
    ['correlation', letter.correlation_id],
    ['value', textOfBytes(letter.value_base64)],
    [
      'decoded',
      letter.decoded === undefined || letter.decoded === null ? '-' : JSON.stringify(letter.decoded),
    ],
  ];
  const actions = letter.actions ?? [];
  return [
    paint.bold(letter.id),
    ...facts.map(([name, value]) => `  ${name.padEnd(12)} ${harmless(value)}`),
    ...actions.map((action) =>
      harmless(
        `  ${instant(action.at)}  ${action.kind ?? '?'} by ${action.actor ?? '?'}: ${action.effect ?? 'under way'}` +
          (action.note === null ? '' : ` (${action.note})`),
      ),
    ),
  ];
};

const pairs = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, letters]) => `${name} ${count(letters)}`)
    .join(', ') || '-';

const predictions = {
  redriven: 'would be processed again',
  already_terminal: 'are decided already, nothing changes',
  fails_again: 'would fail again',
  not_open: 'are not open',
} as const;

/** What a dry run predicts, some letters of each class, and how to do exactly that. */
export const planLines = (plan: LetterPlan, verb: 'redrive' | 'discard', paint: Paint): readonly string[] => [
  `${count(plan.letters)} letters, and nothing was done:`,
  ...(Object.keys(predictions) as readonly (keyof typeof predictions)[])
    .filter((name) => plan.predicted[name] > 0)
    .flatMap((name) => [
      `  ${count(plan.predicted[name])} ${predictions[name]}`,
      ...plan.samples[name].map(({ id, detail }) =>
        paint.dim(`    ${id}${detail === null ? '' : ` ${short(detail)}`}`),
      ),
    ]),
  `Exactly these: flash-sale dlq ${verb} --plan ${plan.plan_id}${verb === 'discard' ? ' --note "..."' : ''}`,
];

/** One line of a long redrive. */
export const progressText = ({ tried, letters, effects }: LetterCommand): string =>
  `[${bar(tried, letters, 30)}] ${count(tried)} of ${count(letters)} letters  ${pairs(effects)}`;

export const commandLines = (command: LetterCommand): readonly string[] => [
  `${command.kind} ${command.command_id}: ${command.state}, ${count(command.tried)} of ${count(command.letters)} letters tried`,
  `  effects: ${pairs(command.effects)}`,
  `  letters now: ${pairs(command.states)}`,
];
