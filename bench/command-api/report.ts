import type { LoadResult } from './load';

/** `per-core`: the command API as one process for each core, on one port. */
export type Contender = 'bare' | 'command-api' | 'per-core';

/** One server under load at one number of connections. */
export interface Turn {
  readonly name: Contender;
  readonly result: LoadResult;
}

const rateOf = ({ result }: Turn): number => result.accepted / result.seconds;

export const lineOf = ({ name, result }: { readonly name: string; readonly result: LoadResult }): string =>
  [
    name.padEnd(12),
    String(result.connections).padStart(4),
    `${Math.round(result.accepted / result.seconds)}/s`.padStart(10),
    `p50 ${result.p50Ms.toFixed(1)} ms`.padStart(14),
    `p99 ${result.p99Ms.toFixed(1)} ms`.padStart(14),
    `p99.9 ${result.p999Ms.toFixed(1)} ms`.padStart(16),
    result.refused > 0 ? `${result.refused} refused` : '',
  ].join('  ');

const of = (turns: readonly Turn[], name: Contender, connections: number): readonly Turn[] =>
  turns.filter((turn) => turn.name === name && turn.result.connections === connections);

/** Of an even number the mean of the two in the middle; 0 of none. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
};

/** Accepted a second, the median of the rounds. */
export const medianRate = (turns: readonly Turn[], name: Contender, connections: number): number =>
  median(of(turns, name, connections).map(rateOf));

const spreadOf = (values: readonly number[]): string =>
  `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))}`;

export const summaryOf = (turns: readonly Turn[], name: Contender, connections: number): string => {
  const ofApi = of(turns, name, connections);
  const bare = medianRate(turns, 'bare', connections);
  const api = medianRate(turns, name, connections);
  const p99s = ofApi.map(({ result }) => result.p99Ms);
  return (
    `${name.padEnd(12)}${String(connections).padStart(4)} connections: median ${Math.round(api)} accepted/s (${spreadOf(ofApi.map(rateOf))}), ` +
    `p99 ${median(p99s).toFixed(1)} ms (${spreadOf(p99s)}), ${Math.round((api / bare) * 100)} % of the bare server's ${Math.round(bare)}`
  );
};
