import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResources } from './growth';

/**
 * Draws a run from its folder: orders a second, latency of acceptance, orders waiting, memory and descriptors, with
 * faults as shaded bands.
 */

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

interface Band {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

const width = 960;
const panelHeight = 150;
const left = 60;
const right = 20;
const top = 46;
const gap = 46;
const stepMs = 500;
const resourceStepMs = 2_000;

const linesOf = (folder: string, name: string): readonly Readonly<Record<string, unknown>>[] => {
  const file = join(folder, name);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

const bucketOf = (at: number, begin: number): number => Math.floor((at - begin) / stepMs);

const perSecond = (times: readonly number[], begin: number, end: number): readonly Point[] => {
  const counts = new Array<number>(bucketOf(end, begin) + 1).fill(0);
  for (const at of times) {
    const bucket = bucketOf(at, begin);
    if (bucket >= 0 && bucket < counts.length) counts[bucket]! += 1;
  }
  return counts.map((count, index) => ({ x: (index + 0.5) * stepMs, y: (count * 1000) / stepMs }));
};

const quantile = (
  samples: readonly (readonly [at: number, value: number])[],
  begin: number,
  share: number,
): readonly Point[] => {
  const buckets = new Map<number, number[]>();
  for (const [at, value] of samples) {
    const bucket = bucketOf(at, begin);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), value]);
  }
  return [...buckets]
    .sort(([one], [other]) => one - other)
    .map(([bucket, values]) => {
      const sorted = values.toSorted((one, other) => one - other);
      const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
      return { x: (bucket + 0.5) * stepMs, y: sorted[at] ?? 0 };
    });
};

/** Requests in the log without an outcome, at each step. */
const waiting = (
  requests: readonly number[],
  outcomes: readonly number[],
  begin: number,
  end: number,
): readonly Point[] => {
  const steps = bucketOf(end, begin) + 1;
  const changes = new Array<number>(steps).fill(0);
  const add = (at: number, sign: number): void => {
    changes[Math.max(0, Math.min(steps - 1, bucketOf(at, begin)))]! += sign;
  };
  for (const at of requests) add(at, 1);
  for (const at of outcomes) add(at, -1);
  let sum = 0;
  return changes.map((change, index) => {
    sum += change;
    return { x: (index + 1) * stepMs, y: Math.max(0, sum) };
  });
};

const roleColours: Readonly<Record<string, string>> = {
  saga: '#629',
  projector: '#292',
  'query-api': '#06c',
  'command-api': '#c60',
};

/** The largest of each role's instances at each moment. */
const resourceLines = (folder: string, begin: number, of: 'rssMb' | 'descriptors'): readonly Line[] => {
  const samples = readResources(folder);
  return Object.entries(roleColours).map(([role, colour]) => {
    const most = new Map<number, number>();
    for (const sample of samples.filter(({ process }) => process.startsWith(role))) {
      const bucket = Math.floor((sample.at - begin) / resourceStepMs);
      if (bucket >= 0) most.set(bucket, Math.max(most.get(bucket) ?? 0, sample[of]));
    }
    const points = [...most].map(([bucket, y]) => ({ x: (bucket + 0.5) * resourceStepMs, y }));
    return { name: role, colour, points: points.sort((one, other) => one.x - other.x) };
  });
};

const bandsOf = (folder: string, begin: number, end: number): readonly Band[] => {
  const open = new Map<string, number>();
  const bands: Band[] = [];
  for (const mark of linesOf(folder, 'timeline.jsonl')) {
    const name = String(mark['name']);
    const at = Number(mark['at']) - begin;
    if (mark['event'] === 'fault') open.set(name, at);
    if (mark['event'] === 'heal') {
      bands.push({ name, from: open.get(name) ?? at, to: at });
      open.delete(name);
    }
  }
  for (const [name, from] of open) bands.push({ name, from, to: Math.min(from + stepMs, end - begin) });
  return bands;
};

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const nice = (most: number): number => {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((factor) => factor * power).find((limit) => limit >= most) ?? most;
};

const drawPanel = (panel: Panel, index: number, spanMs: number, bands: readonly Band[]): string => {
  const y0 = top + index * (panelHeight + gap);
  const most = nice(Math.max(...panel.lines.flatMap(({ points }) => points.map(({ y }) => y)), 0));
  const x = (ms: number): string => (left + (ms / spanMs) * (width - left - right)).toFixed(1);
  const y = (value: number): string => (y0 + panelHeight - (value / most) * panelHeight).toFixed(1);
  const shades = bands.map(({ from, to }) => {
    const wide = Math.max(1, Number(x(to)) - Number(x(from)));
    return `<rect x="${x(from)}" y="${y0}" width="${wide.toFixed(1)}" height="${panelHeight}" fill="#d33" opacity="0.13"/>`;
  });
  const grid = [0, 0.5, 1].map((share) => {
    const at = y(most * share);
    return `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="#ccc"/><text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${most * share}</text>`;
  });
  const lines = panel.lines.map(({ colour, points }) => {
    const path = points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ');
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${path}"/>`;
  });
  const legend = panel.lines.map(
    ({ name, colour }, at) =>
      `<text x="${width - right - at * 130}" y="${y0 - 6}" text-anchor="end" fill="${colour}">${escape(name)}</text>`,
  );
  const title = `<text x="${left}" y="${y0 - 6}" font-weight="bold">${escape(panel.title)}</text>`;
  return [...shades, ...grid, ...lines, ...legend, title].join('\n');
};

const drawAxis = (spanMs: number, panels: number, bands: readonly Band[]): string => {
  const y = top + panels * (panelHeight + gap) - gap + 16;
  const everyMs = nice(spanMs / 12);
  const ticks: string[] = [];
  for (let ms = 0; ms <= spanMs; ms += everyMs) {
    const x = left + (ms / spanMs) * (width - left - right);
    ticks.push(
      `<text x="${x.toFixed(1)}" y="${y}" text-anchor="middle">${Math.round(ms / 100) / 10} s</text>`,
    );
  }
  const names = bands.slice(0, 12).map(({ name, from }, index) => {
    const x = left + (from / spanMs) * (width - left - right);
    return `<text x="${x.toFixed(1)}" y="${top + 12 + (index % 4) * 12}" fill="#a00" font-size="10">${escape(name)}</text>`;
  });
  return [...ticks, ...names].join('\n');
};

const draw = (title: string, panels: readonly Panel[], spanMs: number, bands: readonly Band[]): string => {
  const height = top + panels.length * (panelHeight + gap);
  const body = panels.map((panel, index) => drawPanel(panel, index, spanMs, bands));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${left}" y="18" font-size="15" font-weight="bold">${escape(title)}</text>`,
    ...body,
    drawAxis(spanMs, panels.length, bands),
    '</svg>\n',
  ].join('\n');
};

/** The run in `folder` as an SVG document. */
export const plotRun = (folder: string): string => {
  const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Record<string, unknown>;
  const operations = linesOf(folder, 'history.jsonl');
  const buys = operations.filter(({ op }) => op === 'buy');
  const accepted = buys.filter(({ outcome }) => outcome === 'ok');
  const times = operations.map((one) => Number(one['returned_at']));
  const begin = times.reduce((least, at) => Math.min(least, at), Infinity);
  const records = linesOf(folder, 'log.jsonl');
  const timesOf = (topic: string): readonly number[] =>
    records.filter((one) => one['topic'] === topic && one['key'] !== null).map((one) => Number(one['at']));
  const outcomes = timesOf('order-outcomes');
  const end = [...times, ...outcomes].reduce((most, at) => Math.max(most, at), 0);
  const latencies = buys.map(
    (one) => [Number(one['returned_at']), Number(one['returned_ms']) - Number(one['invoked_ms'])] as const,
  );
  const panels: readonly Panel[] = [
    {
      title: 'orders a second',
      lines: [
        {
          name: 'accepted',
          colour: '#06c',
          points: perSecond(
            accepted.map((one) => Number(one['returned_at'])),
            begin,
            end,
          ),
        },
        { name: 'decided', colour: '#292', points: perSecond(outcomes, begin, end) },
        {
          name: 'refused or unknown',
          colour: '#c60',
          points: perSecond(
            buys.filter(({ outcome }) => outcome !== 'ok').map((one) => Number(one['returned_at'])),
            begin,
            end,
          ),
        },
      ],
    },
    {
      title: 'time of an answer to a command, ms',
      lines: [
        { name: 'p99', colour: '#c60', points: quantile(latencies, begin, 0.99) },
        { name: 'p50', colour: '#06c', points: quantile(latencies, begin, 0.5) },
      ],
    },
    {
      title: 'orders that wait for a decision',
      lines: [
        { name: 'waiting', colour: '#629', points: waiting(timesOf('order-requests'), outcomes, begin, end) },
      ],
    },
    {
      title: 'resident memory of the largest instance, MB',
      lines: resourceLines(folder, begin, 'rssMb'),
    },
    {
      title: 'open descriptors of the instance with most',
      lines: resourceLines(folder, begin, 'descriptors'),
    },
  ];
  const title = `${String(run['scenario'])}, seed ${String(run['seed'])}, commit ${String(run['commit'])}`;
  return draw(title, panels, end - begin, bandsOf(folder, begin, end));
};
