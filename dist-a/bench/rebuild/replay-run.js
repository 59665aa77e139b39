"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runReplay = void 0;
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
/** Runs the replay command as an operator does; `say` gets each line as it comes. */
const runReplay = (args, environment, say) => new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const main = (0, node_path_1.join)(__dirname, '../../projector/replay/main.js');
    const child = (0, node_child_process_1.spawn)(process.execPath, [main, ...args], {
        env: environment,
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
        const whole = (rest + chunk).split('\n');
        rest = whole.pop() ?? '';
        for (const text of whole) {
            lines.push({ atMs: performance.now(), text });
            say(text);
        }
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, startedAtMs, endedAtMs: performance.now(), lines }));
});
exports.runReplay = runReplay;
//# sourceMappingURL=replay-run.js.map