export interface Bars {
  readonly connections: number;
  readonly api: number;
  /** Of one process for each core; absent where there is one core. */
  readonly perCore?: number;
  readonly bare: number;
}

const width = 640;
const height = 280;
const left = 64;
const bottom = 40;
const top = 36;
const barWidth = 48;
const gap = 6;
const colours = { api: '#2563eb', perCore: '#0d9488', bare: '#94a3b8' };

const niceTop = (value: number): number => Math.ceil(value / 10_000) * 10_000;

const bar = (x: number, value: number, most: number, colour: string): string => {
  const room = height - top - bottom;
  const tall = Math.max(1, (value / most) * room);
  const y = height - bottom - tall;
  const middle = x + barWidth / 2;
  const label = Math.round(value).toLocaleString('en-US');
  return (
    `<rect x="${x}" y="${y.toFixed(1)}" width="${barWidth}" height="${tall.toFixed(1)}" rx="2" fill="${colour}"/>` +
    `<text x="${middle}" y="${(y - 6).toFixed(1)}" text-anchor="middle">${label}</text>`
  );
};

/** A picture of the medians that reads on light and on dark pages. */
export const plot = (all: readonly Bars[]): string => {
  const most = niceTop(Math.max(...all.flatMap(({ api, perCore = 0, bare }) => [api, perCore, bare])));
  const step = (width - left) / all.length;
  const groups = all.map(({ connections, api, perCore, bare }, at) => {
    const values: [number, string][] = [[api, colours.api]];
    if (perCore !== undefined) values.push([perCore, colours.perCore]);
    values.push([bare, colours.bare]);
    const middle = left + (at + 0.5) * step;
    const x = middle - (values.length * (barWidth + gap) - gap) / 2;
    const name = `<text x="${middle}" y="${height - 14}" text-anchor="middle">${connections} connections</text>`;
    return (
      values.map(([value, colour], nth) => bar(x + nth * (barWidth + gap), value, most, colour)).join('') +
      name
    );
  });
  const legend: [string, string][] = [[colours.api, 'command API, accepted/s']];
  if (all.some(({ perCore }) => perCore !== undefined))
    legend.push([colours.perCore, 'a process for each core']);
  legend.push([colours.bare, 'bare Node server']);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#64748b" role="img" aria-label="Accepted orders a second beside a bare Node server">`,
    ...legend.map(([colour, text], nth) => {
      const x = left + nth * 190;
      return `<rect x="${x}" y="10" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="20">${text}</text>`;
    }),
    `<line x1="${left - 8}" y1="${height - bottom}" x2="${width}" y2="${height - bottom}" stroke="#94a3b8"/>`,
    ...groups,
    '</svg>',
    '',
  ].join('\n');
};
