"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runWrk = exports.resultOf = exports.hasWrk = void 0;
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
const node_util_1 = require("node:util");
const project_root_1 = require("../../stack/project-root");
const run = (0, node_util_1.promisify)(node_child_process_1.execFile);
const answerWithinSeconds = 5;
/** Whether `wrk` is on the PATH; it says its version and ends with 1. */
const hasWrk = () => (0, node_child_process_1.spawnSync)('wrk', ['-v']).error === undefined;
exports.hasWrk = hasWrk;
const valuesOf = (line) => new Map(line.split(' ').map((pair) => {
    const [name = '', value] = pair.split('=');
    return [name, Number(value)];
}));
/** The line that buy.lua writes at the end, in our words. Requests that wrk cut off at the end are in none of its counts. */
const resultOf = (line, connections) => {
    const values = valuesOf(line);
    const of = (name) => values.get(name) ?? Number.NaN;
    return {
        connections,
        seconds: of('us') / 1e6,
        accepted: of('requests') - of('refused'),
        refused: of('refused') + of('lost'),
        p50Ms: of('p50') / 1000,
        p99Ms: of('p99') / 1000,
        p999Ms: of('p999') / 1000,
    };
};
exports.resultOf = resultOf;
/** wrk with one thread, which keeps a unique order under way on every connection: it costs a third of a generator in Node. */
const runWrk = async (options) => {
    const { stdout } = await run('wrk', [
        '--threads=1',
        `--connections=${options.connections}`,
        `--duration=${Math.ceil(options.durationMs / 1000)}s`,
        `--timeout=${answerWithinSeconds}s`,
        `--script=${(0, node_path_1.join)((0, project_root_1.projectRoot)(), 'bench', 'command-api', 'buy.lua')}`,
        `${options.url}/commands/buy`,
    ], {
        env: { ...process.env, PREFIX: options.prefix, ITEM: options.item },
        timeout: options.durationMs + 60_000,
    });
    const line = /^requests=.*$/m.exec(stdout)?.[0];
    if (line === undefined)
        throw new Error(`wrk said nothing that buy.lua writes:\n${stdout}`);
    return (0, exports.resultOf)(line, options.connections);
};
exports.runWrk = runWrk;
//# sourceMappingURL=wrk.js.map