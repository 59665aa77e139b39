import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Draws what `node --cpu-prof` wrote as a flame graph: `node dist/bench/flame.js profile.cpuprofile picture.svg title`.
 * The wider a box, the more of the busy time was spent in it and above it; the time of an idle event loop is left out.
 */
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}
interface Box {
  readonly name: string;
  readonly ours: boolean;
  micros: number;
  readonly children: Map<string, Box>;
}

const width = 1200;
const rowHeight = 15;
const leastShare = 0.003;
const notWork = new Set(['(idle)', 'dispatch']);

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const boxesOf = (profile: Profile): Box => {
  const self = new Map<number, number>();
  profile.samples.forEach((id, at) => self.set(id, (self.get(id) ?? 0) + (profile.timeDeltas[at] ?? 0)));
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const fold = (node: ProfileNode, into: Box): number => {
    const { functionName, url } = node.callFrame;
    if (notWork.has(functionName)) return 0;
    const name = functionName === '' ? '(anonymous)' : functionName;
    const box = into.children.get(name) ?? {
      name,
      ours: url.includes('/dist/'),
      micros: 0,
      children: new Map(),
    };
    into.children.set(name, box);
    let micros = self.get(node.id) ?? 0;
    for (const id of node.children ?? []) {
      const child = nodes.get(id);
      if (child) micros += fold(child, box);
    }
    box.micros += micros;
    return micros;
  };
  const root: Box = { name: 'all', ours: false, micros: 0, children: new Map() };
  const [first] = profile.nodes;
  if (first) root.micros = fold(first, root);
  return [...root.children.values()][0] ?? root;
};

const draw = (root: Box, title: string): string => {
  const parts: string[] = [];
  let deepest = 0;
  const drawBox = (box: Box, x: number, depth: number): void => {
    const wide = (box.micros / root.micros) * width;
    if (box.micros / root.micros < leastShare) return;
    deepest = Math.max(deepest, depth);
    const y = 24 + depth * rowHeight;
    const percent = ((box.micros / root.micros) * 100).toFixed(1);
    const letters = Math.floor((wide - 4) / 6);
    const label = letters > 2 ? escape(box.name.slice(0, letters)) : '';
    parts.push(
      `<g><title>${escape(box.name)} ${percent} %</title><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(0.5, wide - 0.5).toFixed(1)}" height="${rowHeight - 1}" fill="${box.ours ? '#60a5fa' : '#cbd5e1'}"/><text x="${(x + 2).toFixed(1)}" y="${y + 11}">${label}</text></g>`,
    );
    let at = x;
    for (const child of [...box.children.values()].sort((a, b) => b.micros - a.micros)) {
      drawBox(child, at, depth + 1);
      at += (child.micros / root.micros) * width;
    }
  };
  drawBox(root, 0, 0);
  const height = 32 + (deepest + 1) * rowHeight;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, monospace" font-size="10" fill="#0f172a">` +
    `<rect width="${width}" height="${height}" fill="#f8fafc"/><text x="4" y="15" font-size="12">${escape(title)}</text>${parts.join('\n')}</svg>\n`
  );
};

const [, , from, to, title = ''] = process.argv;
if (from === undefined || to === undefined) {
  console.error('usage: flame.js <profile.cpuprofile> <picture.svg> [title]');
  process.exitCode = 1;
} else {
  writeFileSync(to, draw(boxesOf(JSON.parse(readFileSync(from, 'utf8')) as Profile), title));
}
