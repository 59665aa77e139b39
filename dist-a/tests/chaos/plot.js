"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.plotRun = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const node_string_decoder_1 = require("node:string_decoder");
const time_panels_1 = require("../support/time-panels");
const growth_1 = require("./growth");
/**
 * Draws a run from its folder: orders a second, latency of acceptance, orders waiting, memory and descriptors, with
 * faults as shaded bands.
 */
const resourceStepMs = 2_000;
const chunkBytes = 1024 * 1024;
/** A line at a time: half an hour at 300 orders a second leaves files that are longer than a string may be (512 MB). */
function* linesOf(folder, name) {
    const file = (0, node_path_1.join)(folder, name);
    if (!(0, node_fs_1.existsSync)(file))
        return;
    const descriptor = (0, node_fs_1.openSync)(file, 'r');
    const [chunk, decoder] = [Buffer.alloc(chunkBytes), new node_string_decoder_1.StringDecoder('utf8')];
    let rest = '';
    try {
        for (let read = (0, node_fs_1.readSync)(descriptor, chunk); read > 0; read = (0, node_fs_1.readSync)(descriptor, chunk)) {
            const lines = (rest + decoder.write(chunk.subarray(0, read))).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines)
                yield JSON.parse(line);
        }
    }
    finally {
        (0, node_fs_1.closeSync)(descriptor);
    }
}
const timesOf = (folder) => {
    const times = {
        answered: [],
        accepted: [],
        notAccepted: [],
        latencies: [],
        requests: [],
        outcomes: [],
    };
    for (const { op, outcome, returned_at, returned_ms, invoked_ms } of linesOf(folder, 'history.jsonl')) {
        const at = Number(returned_at);
        times.answered.push(at);
        if (op !== 'buy')
            continue;
        (outcome === 'ok' ? times.accepted : times.notAccepted).push(at);
        times.latencies.push([at, Number(returned_ms) - Number(invoked_ms)]);
    }
    for (const { topic, key, at } of linesOf(folder, 'log.jsonl')) {
        if (key === null)
            continue;
        if (topic === 'order-requests')
            times.requests.push(Number(at));
        if (topic === 'order-outcomes')
            times.outcomes.push(Number(at));
    }
    return times;
};
/** Requests in the log without an outcome, at each step. */
const waiting = (requests, outcomes, begin, end) => {
    const steps = (0, time_panels_1.bucketOf)(end, begin) + 1;
    const changes = new Array(steps).fill(0);
    const add = (at, sign) => {
        changes[Math.max(0, Math.min(steps - 1, (0, time_panels_1.bucketOf)(at, begin)))] += sign;
    };
    for (const at of requests)
        add(at, 1);
    for (const at of outcomes)
        add(at, -1);
    let sum = 0;
    return changes.map((change, index) => {
        sum += change;
        return { x: (index + 1) * time_panels_1.stepMs, y: Math.max(0, sum) };
    });
};
const roleColours = {
    saga: '#629',
    projector: '#292',
    'query-api': '#06c',
    'command-api': '#c60',
};
/** The largest of each role's instances at each moment. */
const resourceLines = (folder, begin, of) => {
    const samples = (0, growth_1.readResources)(folder);
    return Object.entries(roleColours).map(([role, colour]) => {
        const most = new Map();
        for (const sample of samples.filter(({ process }) => process.startsWith(role))) {
            const bucket = Math.floor((sample.at - begin) / resourceStepMs);
            if (bucket >= 0)
                most.set(bucket, Math.max(most.get(bucket) ?? 0, sample[of]));
        }
        const points = [...most].map(([bucket, y]) => ({ x: (bucket + 0.5) * resourceStepMs, y }));
        return { name: role, colour, points: points.sort((one, other) => one.x - other.x) };
    });
};
const bandsOf = (folder, begin, end) => {
    const open = new Map();
    const bands = [];
    for (const mark of linesOf(folder, 'timeline.jsonl')) {
        const name = String(mark['name']);
        const at = Number(mark['at']) - begin;
        if (mark['event'] === 'fault')
            open.set(name, at);
        if (mark['event'] === 'heal') {
            bands.push({ name, from: open.get(name) ?? at, to: at });
            open.delete(name);
        }
    }
    for (const [name, from] of open)
        bands.push({ name, from, to: Math.min(from + time_panels_1.stepMs, end - begin) });
    return bands;
};
/** The run in `folder` as an SVG document. */
const plotRun = (folder) => {
    const run = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, 'run.json'), 'utf8'));
    const times = timesOf(folder);
    const begin = times.answered.reduce((least, at) => Math.min(least, at), Infinity);
    const end = [...times.answered, ...times.outcomes].reduce((most, at) => Math.max(most, at), 0);
    const panels = [
        {
            title: 'orders a second',
            lines: [
                {
                    name: 'accepted',
                    colour: '#06c',
                    points: (0, time_panels_1.perSecond)(times.accepted, begin, end),
                },
                { name: 'decided', colour: '#292', points: (0, time_panels_1.perSecond)(times.outcomes, begin, end) },
                {
                    name: 'refused or unknown',
                    colour: '#c60',
                    points: (0, time_panels_1.perSecond)(times.notAccepted, begin, end),
                },
            ],
        },
        {
            title: 'time of an answer to a command, ms',
            lines: [
                { name: 'p99', colour: '#c60', points: (0, time_panels_1.quantile)(times.latencies, begin, 0.99) },
                { name: 'p50', colour: '#06c', points: (0, time_panels_1.quantile)(times.latencies, begin, 0.5) },
            ],
        },
        {
            title: 'orders that wait for a decision',
            lines: [
                { name: 'waiting', colour: '#629', points: waiting(times.requests, times.outcomes, begin, end) },
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
    return (0, time_panels_1.drawPanels)(title, panels, end - begin, bandsOf(folder, begin, end));
};
exports.plotRun = plotRun;
//# sourceMappingURL=plot.js.map