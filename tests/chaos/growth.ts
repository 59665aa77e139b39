import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resources } from './resource-sampler';

/**
 * How one process' memory and descriptors went after its first minute: the two ends of the straight line through the lowest of
 * each half minute. A heap is a saw, and only its low points tell what is kept; connections come and go with a twin that dies.
 */
export interface Growth {
  readonly process: string;
  readonly seconds: number;
  readonly rssMb: readonly [before: number, after: number];
  readonly descriptors: readonly [before: number, after: number];
}

/** Code is still being compiled, caches and pools fill. */
const warmUpMs = 60_000;
/** Ten low points: with fewer the line follows one fold of the log. */
const leastMs = warmUpMs + 300_000;
const stepMs = 30_000;

const lowPoints = (
  samples: readonly Resources[],
  value: (sample: Resources) => number,
): readonly (readonly [minute: number, lowest: number])[] => {
  const [first] = samples;
  const lows = new Map<number, number>();
  for (const sample of samples) {
    const step = Math.floor((sample.at - (first?.at ?? 0)) / stepMs);
    lows.set(step, Math.min(lows.get(step) ?? Infinity, value(sample)));
  }
  return [...lows];
};

/** Least squares. */
const lineThrough = (
  points: readonly (readonly [x: number, y: number])[],
): readonly [first: number, last: number] => {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
  const [x, y] = [mean(points.map(([one]) => one)), mean(points.map(([, one]) => one))];
  const spread = points.reduce((sum, [one]) => sum + (one - x) ** 2, 0);
  const slope =
    spread === 0 ? 0 : points.reduce((sum, [one, other]) => sum + (one - x) * (other - y), 0) / spread;
  const at = (where: number): number => Math.round((y + slope * (where - x)) * 10) / 10;
  return [at(points[0]?.[0] ?? 0), at(points.at(-1)?.[0] ?? 0)];
};

const growthOf = (life: readonly Resources[]): Growth | undefined => {
  const [first] = life;
  const last = life.at(-1);
  if (!first || !last || last.at - first.at < leastMs) return undefined;
  const samples = life.filter(({ at }) => at - first.at >= warmUpMs);
  return {
    process: first.process,
    seconds: Math.round((last.at - first.at) / 1000),
    rssMb: lineThrough(lowPoints(samples, ({ rssMb }) => rssMb)),
    descriptors: lineThrough(lowPoints(samples, ({ descriptors }) => descriptors)),
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
  for (const sample of samples) {
    const life = lives.get(sample.pid);
    if (life) life.push(sample);
    else lives.set(sample.pid, [sample]);
  }
  return [...lives.values()].flatMap((life) => growthOf(life) ?? []);
};

/** Over its whole life, so a leak of 2 MB a minute shows in twenty; half of what it began with is one heap that is collected late. */
export const isFlat = ({ rssMb, descriptors }: Growth): boolean =>
  rssMb[1] - rssMb[0] <= Math.max(40, rssMb[0] / 2) && descriptors[1] - descriptors[0] <= 50;
