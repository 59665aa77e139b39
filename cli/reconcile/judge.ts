import { join } from 'node:path';
import { capture } from '../children';
import type { Context } from '../context';
import { couldNot } from '../exit';
import { bar } from '../render/figures';
import { createProgress } from '../terminal';
import type { Report } from './report';

export interface JudgeOptions {
  /** How long what is behind is waited for, such as 30s. */
  readonly settle?: string;
  /** The payment provider's books are not looked at. */
  readonly withoutMoney?: boolean;
}

const numberOf = (text: string): number => Number(text.replaceAll(',', ''));

const parsed = (output: string): Report | undefined => {
  try {
    return JSON.parse(output) as Report;
  } catch {
    return undefined;
  }
};

/** `reading the log: 40,000 of 120,000 records` with a bar in front; anything else as it is. */
export const progressOf = (line: string): string => {
  const [, part, whole] = /: ([\d,]+) of ([\d,]+) /.exec(line) ?? [];
  if (part === undefined || whole === undefined) return line;
  return `[${bar(numberOf(part), numberOf(whole), 30)}] ${line}`;
};

/** Runs the independent fold. It only reads. @throws CommandEnd when it cannot run. */
export const judge = async (
  { settings, terminal, signal }: Context,
  { settle, withoutMoney }: JudgeOptions,
): Promise<Report> => {
  const { root: cwd, environment } = settings;
  const progress = createProgress(terminal.err);
  const trouble: string[] = [];
  const args = [
    join(cwd, 'reconcile'),
    ...(settle === undefined ? [] : ['--settle', settle]),
    ...(withoutMoney === true ? ['--without-money'] : []),
  ];
  const { output } = await capture('python3', args, {
    cwd,
    environment: { ...environment, PYTHONDONTWRITEBYTECODE: '1' },
    signal,
    onNotice: (line) => {
      trouble.push(line);
      progress.show(progressOf(line));
    },
  });
  progress.end();
  const report = parsed(output);
  if (report) return report;
  throw couldNot(`The judge ended without a verdict:\n${trouble.slice(-10).join('\n')}`);
};
