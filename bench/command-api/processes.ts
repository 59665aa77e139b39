import { foldersOf } from '../../stack/stack-context';
import { projectRoot } from '../../stack/project-root';
import { readRecords } from '../../stack/run-records';
import { cpuSecondsOf, cpuSecondsWithoutChildrenOf } from '../cpu-seconds';
import { median } from './report';

/** CPU seconds so far, by process. */
export type CpuSeconds = ReadonlyMap<string, number>;

const isSupervisor = (name: string): boolean => name === 'supervisor';

/**
 * Of every process of the running stack, and of this one with generators that have ended: servers that it runs itself are no
 * part of the generator. Servers in containers are not seen.
 */
export const cpuOfStack = (): CpuSeconds => {
  const records = readRecords(foldersOf(projectRoot()).run).filter(({ name }) => !isSupervisor(name));
  const stack = records.map(({ name, pid }): [string, number] => [name, cpuSecondsOf(pid)]);
  return new Map([...stack, ['generator', cpuSecondsWithoutChildrenOf(process.pid)]]);
};

/** With a command API of the bench's own in the place of the stack's, which stands still meanwhile. */
export const cpuOfStackWith = (pid: number): CpuSeconds =>
  new Map([...cpuOfStack(), ['command-api', cpuSecondsOf(pid)]]);

/** Microseconds of CPU for each of `count` orders, by process. */
export const microsPerOrder = (before: CpuSeconds, after: CpuSeconds, count: number): CpuSeconds =>
  new Map([...after].map(([name, seconds]) => [name, ((seconds - (before.get(name) ?? 0)) * 1e6) / count]));

/** The table of what an order costs where, dearest first, one column for each number of connections. */
export const cpuTable = (
  runs: readonly { readonly connections: number; readonly micros: CpuSeconds }[],
): string => {
  const columns = [...new Set(runs.map(({ connections }) => connections))];
  const names = [...new Set(runs.flatMap(({ micros }) => [...micros.keys()]))];
  const cell = (name: string, connections: number): number =>
    median(runs.filter((run) => run.connections === connections).map((run) => run.micros.get(name) ?? 0));
  const rows = names
    .map((name) => ({ name, cells: columns.map((column) => cell(name, column)) }))
    .sort((a, b) => Math.max(...b.cells) - Math.max(...a.cells));
  const sums = columns.map((_, at) => rows.reduce((sum, { cells }) => sum + (cells[at] ?? 0), 0));
  const line = (name: string, cells: readonly number[]): string =>
    `  ${name.padEnd(18)}${cells.map((value) => value.toFixed(1).padStart(8)).join('')}`;
  return [
    `CPU µs an accepted order, median of the rounds, at ${columns.join(', ')} connections`,
    ...rows.map(({ name, cells }) => line(name, cells)),
    line('all', sums),
  ].join('\n');
};
