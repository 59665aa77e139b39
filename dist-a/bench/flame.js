"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const width = 1200;
const rowHeight = 15;
const leastShare = 0.003;
const notWork = new Set(['(idle)', 'dispatch']);
const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const boxesOf = (profile) => {
    const self = new Map();
    profile.samples.forEach((id, at) => self.set(id, (self.get(id) ?? 0) + (profile.timeDeltas[at] ?? 0)));
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const fold = (node, into) => {
        const { functionName, url } = node.callFrame;
        if (notWork.has(functionName))
            return 0;
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
            if (child)
                micros += fold(child, box);
        }
        box.micros += micros;
        return micros;
    };
    const root = { name: 'all', ours: false, micros: 0, children: new Map() };
    const [first] = profile.nodes;
    if (first)
        root.micros = fold(first, root);
    return [...root.children.values()][0] ?? root;
};
const draw = (root, title) => {
    const parts = [];
    let deepest = 0;
    const drawBox = (box, x, depth) => {
        const wide = (box.micros / root.micros) * width;
        if (box.micros / root.micros < leastShare)
            return;
        deepest = Math.max(deepest, depth);
        const y = 24 + depth * rowHeight;
        const percent = ((box.micros / root.micros) * 100).toFixed(1);
        const letters = Math.floor((wide - 4) / 6);
        const label = letters > 2 ? escape(box.name.slice(0, letters)) : '';
        parts.push(`<g><title>${escape(box.name)} ${percent} %</title><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(0.5, wide - 0.5).toFixed(1)}" height="${rowHeight - 1}" fill="${box.ours ? '#60a5fa' : '#cbd5e1'}"/><text x="${(x + 2).toFixed(1)}" y="${y + 11}">${label}</text></g>`);
        let at = x;
        for (const child of [...box.children.values()].sort((a, b) => b.micros - a.micros)) {
            drawBox(child, at, depth + 1);
            at += (child.micros / root.micros) * width;
        }
    };
    drawBox(root, 0, 0);
    const height = 32 + (deepest + 1) * rowHeight;
    return (`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, monospace" font-size="10" fill="#0f172a">` +
        `<rect width="${width}" height="${height}" fill="#f8fafc"/><text x="4" y="15" font-size="12">${escape(title)}</text>${parts.join('\n')}</svg>\n`);
};
const [, , from, to, title = ''] = process.argv;
if (from === undefined || to === undefined) {
    console.error('usage: flame.js <profile.cpuprofile> <picture.svg> [title]');
    process.exitCode = 1;
}
else {
    (0, node_fs_1.writeFileSync)(to, draw(boxesOf(JSON.parse((0, node_fs_1.readFileSync)(from, 'utf8'))), title));
}
//# sourceMappingURL=flame.js.map