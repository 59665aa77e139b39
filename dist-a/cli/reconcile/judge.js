"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.judge = exports.progressOf = void 0;
const node_path_1 = require("node:path");
const children_1 = require("../children");
const exit_1 = require("../exit");
const figures_1 = require("../render/figures");
const terminal_1 = require("../terminal");
const numberOf = (text) => Number(text.replaceAll(',', ''));
const parsed = (output) => {
    try {
        return JSON.parse(output);
    }
    catch {
        return undefined;
    }
};
/** `reading the log: 40,000 of 120,000 records` with a bar in front; anything else as it is. */
const progressOf = (line) => {
    const [, part, whole] = /: ([\d,]+) of ([\d,]+) /.exec(line) ?? [];
    if (part === undefined || whole === undefined)
        return line;
    return `[${(0, figures_1.bar)(numberOf(part), numberOf(whole), 30)}] ${line}`;
};
exports.progressOf = progressOf;
/** Runs the independent fold. It only reads. @throws CommandEnd when it cannot run. */
const judge = async ({ settings, terminal, signal }, { settle, withoutMoney }) => {
    const { root: cwd, environment } = settings;
    const progress = (0, terminal_1.createProgress)(terminal.err);
    const trouble = [];
    const args = [
        (0, node_path_1.join)(cwd, 'reconcile'),
        ...(settle === undefined ? [] : ['--settle', settle]),
        ...(withoutMoney === true ? ['--without-money'] : []),
    ];
    const { output } = await (0, children_1.capture)('python3', args, {
        cwd,
        environment: { ...environment, PYTHONDONTWRITEBYTECODE: '1' },
        signal,
        onNotice: (line) => {
            trouble.push(line);
            progress.show((0, exports.progressOf)(line));
        },
    });
    progress.end();
    const report = parsed(output);
    if (report)
        return report;
    throw (0, exit_1.couldNot)(`The judge ended without a verdict:\n${trouble.slice(-10).join('\n')}`);
};
exports.judge = judge;
//# sourceMappingURL=judge.js.map