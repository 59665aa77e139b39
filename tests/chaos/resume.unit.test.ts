import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder';
import { isSameProgram } from './resume';

describe('the program of a run', () => {
  const root = temporaryFolder();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  /** Changes one file, and returns the commit from before. */
  const change = (file: string): string => {
    const before = git('rev-parse', 'HEAD').trim();
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), before);
    git('add', '.');
    git('commit', '-qm', file);
    return before;
  };

  beforeAll(() => {
    git('init', '-q');
    git('commit', '-qm', 'nothing', '--allow-empty');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each([
    'saga/start.ts',
    'stack/kafka.ts',
    'tests/checker/anomaly.py',
    'tests/chaos/random.ts',
    'package-lock.json',
  ])('is another one when %s has changed', (file) => expect(isSameProgram(root, change(file))).toBe(false));

  it.each([
    'docs/chaos.md',
    'saga/README.md',
    'saga/start.unit.test.ts',
    'bench/saga/main.ts',
    'tests/checker/test_all.py',
  ])('is the same when only %s has changed', (file) => expect(isSameProgram(root, change(file))).toBe(true));

  it('is not known of a commit that is not there', () => expect(isSameProgram(root, 'fffffff')).toBe(false));
});
