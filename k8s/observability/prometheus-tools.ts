import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type PrometheusTool = 'prometheus' | 'promtool';

const works = (command: string, args: readonly string[], cwd?: string): boolean => {
  const run = spawnSync(command, args, { cwd, stdio: 'ignore', timeout: 120_000 });
  return !run.error && run.status === 0;
};

/** Debian's and Ubuntu's package holds both; unpacking it needs no root and installs nothing. */
const fromDebian = (tools: string): boolean => {
  const folder = mkdtempSync(join(tools, 'fetch-'));
  try {
    if (!works('apt-get', ['download', '-q', 'prometheus'], folder)) return false;
    const [archive] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    if (archive === undefined || !works('dpkg-deb', ['-x', archive, 'unpacked'], folder)) return false;
    for (const tool of ['prometheus', 'promtool']) {
      copyFileSync(join(folder, 'unpacked/usr/bin', tool), join(tools, tool));
    }
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The tool of the PATH, else of `tools`, where it is put once if the machine has Debian's packages; else undefined. */
export const findPrometheusTool = (tool: PrometheusTool, tools: string): string | undefined => {
  if (works(tool, ['--version'])) return tool;
  mkdirSync(tools, { recursive: true });
  const target = join(tools, tool);
  return existsSync(target) || fromDebian(tools) ? target : undefined;
};
