"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stepsArmedBy = exports.parseFailpoint = void 0;
const node_fs_1 = require("node:fs");
const pattern = /^([a-z-]+)@(\d+)(:sleep)?$/;
/** @throws Error when the text is none: a failpoint that never fires would prove nothing. */
const parseFailpoint = (text) => {
    const match = pattern.exec(text);
    if (!match)
        throw new Error(`${text} is no failpoint: write step@count or step@count:sleep`);
    return { step: match[1] ?? '', nth: Number(match[2]), end: match[3] === undefined ? 'kill' : 'sleep' };
};
exports.parseFailpoint = parseFailpoint;
/** A stop signal that a process sends to itself may take effect a moment later; until then nothing may go on. */
const fallAsleep = () => {
    process.kill(process.pid, 'SIGSTOP');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
};
/**
 * What a test entry point hands to a service as its steps. At SIGUSR2 the process reads a failpoint from `file`, and
 * then ends by SIGKILL, as by a power cut, or stops as by SIGSTOP, when the step is passed the n-th time from then on.
 * Armed while it runs, so that no restart falls into what is measured.
 */
const stepsArmedBy = (file) => {
    let armed;
    let passed = 0;
    if (file !== undefined) {
        process.on('SIGUSR2', () => {
            armed = (0, exports.parseFailpoint)((0, node_fs_1.readFileSync)(file, 'utf8'));
            passed = 0;
        });
    }
    return (step) => {
        if (step !== armed?.step)
            return;
        passed += 1;
        if (passed !== armed.nth)
            return;
        const { end } = armed;
        armed = undefined;
        if (end === 'kill')
            process.kill(process.pid, 'SIGKILL');
        else
            fallAsleep();
    };
};
exports.stepsArmedBy = stepsArmedBy;
//# sourceMappingURL=failpoint.js.map