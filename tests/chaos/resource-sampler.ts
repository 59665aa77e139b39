import { readdirSync, readFileSync } from 'node:fs';
import type { ManagedProcess } from './managed-process';
import type { RunFolder } from './run-folder';

export interface Resources {
  readonly process: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly rssMb: number;
  readonly descriptors: number;
}

const everyMs = 2_000;

/** Only Linux says; elsewhere nothing is sampled. */
const resourcesOf = (process: ManagedProcess): Resources | undefined => {
  const { pid, name } = process;
  if (pid === undefined) return undefined;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const rssKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    return { process: name, pid, at: Date.now(), rssMb: Math.round(rssKb / 102.4) / 10, descriptors };
  } catch {
    return undefined;
  }
};

/** Notes memory and open descriptors of every instance; gives back what stops it. */
export const startResourceSampler = (
  processes: () => readonly ManagedProcess[],
  folder: RunFolder,
): (() => void) => {
  const timer = setInterval(() => {
    for (const process of processes()) {
      const resources = resourcesOf(process);
      if (resources) folder.append('resources', resources);
    }
  }, everyMs);
  return () => clearInterval(timer);
};
