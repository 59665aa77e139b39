import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own for one folder, so small that a run can fill it. Needs root and Linux. */
export interface SmallDisk {
  /** Takes what is left of it, to the last page. */
  fill(): void;
  /** Gives that back. */
  free(): void;
  remove(): void;
}

/** @throws Error without the right to mount. */
export const mountSmallDisk = (folder: string, megabytes: number): SmallDisk => {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const ballast = join(folder, 'ballast');
  return {
    fill: () => {
      try {
        execFileSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096'], { stdio: 'ignore' });
      } catch {
        // It ends with "no space left": that is what it is for.
      }
      const { bavail } = statfsSync(folder);
      if (bavail > 0) throw new Error(`${folder} has ${bavail} blocks left`);
    },
    free: () => rmSync(ballast, { force: true }),
    // Lazily: what still holds a file of it must not keep a run from ending.
    remove: () => void execFileSync('umount', ['--lazy', folder]),
  };
};
