import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resources } from './resource-sampler';

/** How one process' memory and descriptors went, from the second quarter of its life to the last. */
export interface Growth {
  readonly process: string;
  readonly seconds: number;
  readonly rssMb: readonly [before: number, after: number];
  readonly descriptors: readonly [before: number, after: number];
}

/** Shorter lives say nothing: a start alone takes 10 s until memory is what it will be. */
const leastMs = 40_000;

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const growthOf = (samples: readonly Resources[]): Growth | undefined => {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < leastMs) return undefined;
  const quarter = Math.floor(samples.length / 4);
  const before = samples.slice(quarter, 2 * quarter);
  const after = samples.slice(-quarter);
  const pair = (value: (sample: Resources) => number): readonly [number, number] => [
    median(before.map(value)),
    median(after.map(value)),
  ];
  return {
    process: first.process,
    seconds: Math.round((last.at - first.at) / 1000),
    rssMb: pair(({ rssMb }) => rssMb),
    descriptors: pair(({ descriptors }) => descriptors),
  };
};

export const readResources = (folder: string): readonly Resources[] => {
  const file = join(folder, 'resources.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Resources);
};

/** One for each process that lived long enough; a process that was restarted counts anew. */
export const growths = (samples: readonly Resources[]): readonly Growth[] => {
  const lives = new Map<number, Resources[]>();
  for (const sample of samples) lives.set(sample.pid, [...(lives.get(sample.pid) ?? []), sample]);
  return [...lives.values()].flatMap((life) => growthOf(life) ?? []);
};

/** A heap may double before it is collected; what keeps growing passes this within minutes. */
export const isFlat = ({ rssMb, descriptors }: Growth): boolean =>
  rssMb[1] <= rssMb[0] * 1.5 + 40 && descriptors[1] <= descriptors[0] + 50;
