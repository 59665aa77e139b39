import { execFileSync } from 'node:child_process';
import { isJudged, type ResultLine } from './results';

/** Whether two commits hold the same program: results and other pages may be committed between two sittings. */
export const isSameProgram = (root: string, commit: string): boolean => {
  try {
    const others = [':(exclude)docs', ':(exclude)*.md'];
    execFileSync('git', ['diff', '--quiet', commit, 'HEAD', '--', '.', ...others], {
      cwd: root,
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
};

export interface Wanted {
  readonly scenario: string;
  readonly seed: string;
  readonly seconds: number | undefined;
  readonly ordersPerSecond: number;
}

/** The verdict that an earlier sitting came to for the same run of the same program; one that could not tell is none. */
export const earlierVerdict = (
  results: readonly ResultLine[],
  { scenario, seed, seconds, ordersPerSecond }: Wanted,
  isSame: (commit: string) => boolean,
): ResultLine | undefined =>
  results.findLast(
    (line) =>
      line.scenario === scenario &&
      line.seed === seed &&
      line.seconds === seconds &&
      line.ordersPerSecond === ordersPerSecond &&
      isJudged(line) &&
      isSame(line.commit),
  );
