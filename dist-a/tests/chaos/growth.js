"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isFlat = exports.growths = exports.readResources = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
/** Code is still being compiled, caches and pools fill. */
const warmUpMs = 60_000;
/** Ten low points: with fewer the line follows one fold of the log. */
const leastMs = warmUpMs + 300_000;
const stepMs = 30_000;
const lowPoints = (samples, value) => {
    const [first] = samples;
    const lows = new Map();
    for (const sample of samples) {
        const step = Math.floor((sample.at - (first?.at ?? 0)) / stepMs);
        lows.set(step, Math.min(lows.get(step) ?? Infinity, value(sample)));
    }
    return [...lows];
};
/** Least squares. */
const lineThrough = (points) => {
    const mean = (values) => values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
    const [x, y] = [mean(points.map(([one]) => one)), mean(points.map(([, one]) => one))];
    const spread = points.reduce((sum, [one]) => sum + (one - x) ** 2, 0);
    const slope = spread === 0 ? 0 : points.reduce((sum, [one, other]) => sum + (one - x) * (other - y), 0) / spread;
    const at = (where) => Math.round((y + slope * (where - x)) * 10) / 10;
    return [at(points[0]?.[0] ?? 0), at(points.at(-1)?.[0] ?? 0)];
};
const growthOf = (life) => {
    const [first] = life;
    const last = life.at(-1);
    if (!first || !last || last.at - first.at < leastMs)
        return undefined;
    const samples = life.filter(({ at }) => at - first.at >= warmUpMs);
    return {
        process: first.process,
        seconds: Math.round((last.at - first.at) / 1000),
        rssMb: lineThrough(lowPoints(samples, ({ rssMb }) => rssMb)),
        descriptors: lineThrough(lowPoints(samples, ({ descriptors }) => descriptors)),
    };
};
const readResources = (folder) => {
    const file = (0, node_path_1.join)(folder, 'resources.jsonl');
    if (!(0, node_fs_1.existsSync)(file))
        return [];
    return (0, node_fs_1.readFileSync)(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
};
exports.readResources = readResources;
/** One for each process that lived long enough; a process that was restarted counts anew. */
const growths = (samples) => {
    const lives = new Map();
    for (const sample of samples) {
        const life = lives.get(sample.pid);
        if (life)
            life.push(sample);
        else
            lives.set(sample.pid, [sample]);
    }
    return [...lives.values()].flatMap((life) => growthOf(life) ?? []);
};
exports.growths = growths;
/** Over its whole life, so a leak of 2 MB a minute shows in twenty; half of what it began with is one heap that is collected late. */
const isFlat = ({ rssMb, descriptors }) => rssMb[1] - rssMb[0] <= Math.max(40, rssMb[0] / 2) && descriptors[1] - descriptors[0] <= 50;
exports.isFlat = isFlat;
//# sourceMappingURL=growth.js.map