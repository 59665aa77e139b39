export interface Bars {
  readonly connections: number;
  readonly api: number;
  readonly bare: number;
}

const width = 640;
const height = 280;
const left = 64;
const bottom = 40;
const top = 36;
const barWidth = 56;

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
  const most = niceTop(Math.max(...all.flatMap(({ api, bare }) => [api, bare])));
  const step = (width - left) / all.length;
  const groups = all.map(({ connections, api, bare }, at) => {
    const x = left + at * step + (step - 2 * barWidth - 8) / 2;
    const name = `<text x="${x + barWidth + 4}" y="${height - 14}" text-anchor="middle">${connections} connections</text>`;
    return bar(x, api, most, '#2563eb') + bar(x + barWidth + 8, bare, most, '#94a3b8') + name;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#64748b" role="img" aria-label="Accepted orders a second beside a bare Node server">`,
    `<rect x="${left}" y="10" width="12" height="12" fill="#2563eb"/><text x="${left + 18}" y="20">command API, accepted orders a second</text>`,
    `<rect x="${left + 270}" y="10" width="12" height="12" fill="#94a3b8"/><text x="${left + 288}" y="20">bare Node server, requests a second</text>`,
    `<line x1="${left - 8}" y1="${height - bottom}" x2="${width}" y2="${height - bottom}" stroke="#94a3b8"/>`,
    ...groups,
    '</svg>',
    '',
  ].join('\n');
};
