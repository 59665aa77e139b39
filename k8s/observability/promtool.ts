import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const works = (command: string, args: readonly string[], cwd?: string): boolean => {
  const run = spawnSync(command, args, { cwd, stdio: 'ignore', timeout: 120_000 });
  return !run.error && run.status === 0;
};

/** Debian's and Ubuntu's package holds promtool; unpacking it needs no root and installs nothing. */
const fromDebian = (tools: string, target: string): boolean => {
  const folder = mkdtempSync(join(tools, 'fetch-'));
  try {
    if (!works('apt-get', ['download', '-q', 'prometheus'], folder)) return false;
    const [archive] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    if (archive === undefined || !works('dpkg-deb', ['-x', archive, 'unpacked'], folder)) return false;
    copyFileSync(join(folder, 'unpacked/usr/bin/promtool'), target);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** promtool of the PATH, else of `tools`, where it is put once if the machine has Debian's packages; else undefined. */
export const findPromtool = (tools: string): string | undefined => {
  if (works('promtool', ['--version'])) return 'promtool';
  mkdirSync(tools, { recursive: true });
  const target = join(tools, 'promtool');
  return existsSync(target) || fromDebian(tools, target) ? target : undefined;
};
