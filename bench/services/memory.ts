import { readFileSync } from 'node:fs';

const kibibytesOf = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);

/** Resident memory of a process now and at its highest, in MiB. Linux only; zeros elsewhere. */
export const memoryOf = (pid: number): { readonly nowMiB: number; readonly peakMiB: number } => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mebibytes = (field: string): number => Math.round(kibibytesOf(status, field) / 1024);
    return { nowMiB: mebibytes('VmRSS'), peakMiB: mebibytes('VmHWM') };
  } catch {
    return { nowMiB: 0, peakMiB: 0 };
  }
};
