import { execFileSync } from 'node:child_process';
import { isJudged, type ResultLine } from './results';
import { shippedFolders } from './shipped-folders';

/** What a run runs: the services, the servers below them, and what breaks and judges them. */
const program = [
  ...shippedFolders,
  'stack',
  'tests/chaos',
  'tests/checker',
  'tests/processes',
  'tests/support',
  'package-lock.json',
  'tsconfig.json',
];
const besides = [':(exclude)*.md', ':(exclude)*.test.ts', ':(exclude)tests/checker/test_*'];

/** Whether two commits hold the same program: results, pages, benches and tests may be committed between two sittings. */
export const isSameProgram = (root: string, commit: string): boolean => {
  try {
    execFileSync('git', ['diff', '--quiet', commit, 'HEAD', '--', ...program, ...besides], {
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
