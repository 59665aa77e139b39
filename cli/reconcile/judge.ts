import { join } from 'node:path';
import { capture } from '../children';
import type { Context } from '../context';
import { couldNot } from '../exit';
import { createProgress } from '../terminal';
import type { Report } from './report';

export interface JudgeOptions {
  /** How long what is behind is waited for, such as 30s. */
  readonly settle?: string;
}

const parsed = (output: string): Report | undefined => {
  try {
    return JSON.parse(output) as Report;
  } catch {
    return undefined;
  }
};

/** Runs the independent fold. It only reads. @throws CommandEnd when it cannot run. */
export const judge = async (
  { settings, terminal, signal }: Context,
  { settle }: JudgeOptions,
): Promise<Report> => {
  const { root: cwd, environment } = settings;
  const progress = createProgress(terminal.err);
  const trouble: string[] = [];
  const args = [join(cwd, 'reconcile'), ...(settle === undefined ? [] : ['--settle', settle])];
  const { output } = await capture('python3', args, {
    cwd,
    environment: { ...environment, PYTHONDONTWRITEBYTECODE: '1' },
    signal,
    onNotice: (line) => {
      trouble.push(line);
      progress.show(line);
    },
  });
  progress.end();
  const report = parsed(output);
  if (report) return report;
  throw couldNot(`The judge ended without a verdict:\n${trouble.slice(-10).join('\n')}`);
};
