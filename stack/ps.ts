import { isRunning } from './process-identity';
import { isReady } from './readiness';
import { readRecords, type RunRecord } from './run-records';

/** `4 s`, `3 min`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export const formatUptime = (milliseconds: number): string => {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};

export interface Row {
  readonly name: string;
  readonly pid: string;
  readonly port: string;
  readonly state: string;
  readonly uptime: string;
  readonly restarts: string;
}

const heading: Row = {
  name: 'NAME',
  pid: 'PID',
  port: 'PORT',
  state: 'STATE',
  uptime: 'UPTIME',
  restarts: 'RESTARTS',
};

/** The rows as text, each column as wide as its widest cell. */
export const formatTable = (rows: readonly Row[]): string => {
  const all = [heading, ...rows];
  const columns = Object.keys(heading) as (keyof Row)[];
  const width = (column: keyof Row): number => Math.max(...all.map((row) => row[column].length));
  const line = (row: Row): string => columns.map((column) => row[column].padEnd(width(column))).join('  ');
  return all.map((row) => line(row).trimEnd()).join('\n');
};

const stateOf = async (record: RunRecord): Promise<string> => {
  if (!isRunning(record)) return 'down';
  if (record.role !== 'service' || record.port === undefined) return 'running';
  return (await isReady(record.port)) ? 'ready' : 'not ready';
};

/** Every process of the stack with its state; an empty list when nothing was started. */
export const processTable = async (runDir: string, nowMs: number): Promise<readonly Row[]> =>
  Promise.all(
    readRecords(runDir).map(async (record) => {
      const state = await stateOf(record);
      return {
        name: record.name,
        pid: String(record.pid),
        port: record.port === undefined ? '-' : String(record.port),
        state,
        uptime: state === 'down' ? '-' : formatUptime(nowMs - record.sinceMs),
        restarts: String(record.restarts),
      };
    }),
  );
