"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.capture = exports.runHere = void 0;
const node_child_process_1 = require("node:child_process");
const exit_1 = require("./exit");
const environmentOf = (given) => ({ ...given });
/** Runs a program on this terminal and gives back its exit code; Ctrl-C reaches it as it reaches us. */
const runHere = (command, args, options) => new Promise((resolve, reject) => {
    const { cwd, environment } = options;
    const child = (0, node_child_process_1.spawn)(command, args, {
        cwd,
        env: environmentOf(environment),
        stdio: ['inherit', options.isNotice === true ? 2 : 'inherit', 'inherit'],
    });
    options.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    child.once('error', (error) => reject((0, exit_1.couldNot)(`${command} cannot be started: ${error.message}`)));
    child.once('close', (code) => resolve(code ?? 1));
});
exports.runHere = runHere;
/** Runs a program and gives back what it wrote to its standard output. */
const capture = (command, args, options) => new Promise((resolve, reject) => {
    const { cwd, environment, onNotice } = options;
    const child = (0, node_child_process_1.spawn)(command, args, {
        cwd,
        env: environmentOf(environment),
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    options.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    const written = [];
    child.stdout.on('data', (chunk) => written.push(chunk));
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines)
            onNotice?.(line);
    });
    child.once('error', (error) => reject((0, exit_1.couldNot)(`${command} cannot be started: ${error.message}`)));
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(written).toString() }));
});
exports.capture = capture;
//# sourceMappingURL=children.js.map