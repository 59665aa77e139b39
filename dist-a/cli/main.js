"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const exit_1 = require("./exit");
const program_1 = require("./program");
const settings_1 = require("./settings");
const terminal_1 = require("./terminal");
// `flash-sale top --json | head` closes the pipe before everything is written; that is no fault.
process.stdout.on('error', () => process.exit(exit_1.exitCodes.done));
const keyboard = {
    listen: (onKey, signal) => {
        const { stdin } = process;
        if (!stdin.isTTY)
            return;
        stdin.setRawMode(true).setEncoding('utf8').resume().on('data', onKey);
        signal.addEventListener('abort', () => {
            stdin.setRawMode(false).pause().off('data', onKey);
        });
    },
};
const interrupt = new AbortController();
const interrupted = () => {
    // Somebody who asks twice does not want to wait for an orderly end.
    if (interrupt.signal.aborted)
        process.exit(exit_1.exitCodes.interrupted);
    interrupt.abort();
};
process.on('SIGINT', interrupted);
process.on('SIGTERM', interrupted);
const main = async () => {
    const terminal = (0, terminal_1.createTerminal)(process.stdout, process.stderr, process.env['NO_COLOR']);
    try {
        await (0, program_1.runProgram)({
            terminal,
            environment: process.env,
            root: (0, settings_1.findRoot)(__dirname),
            keyboard,
            signal: interrupt.signal,
            end: (code) => {
                process.exitCode = code;
            },
        }, process.argv.slice(2));
    }
    catch (error) {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exitCode = exit_1.exitCodes.couldNot;
    }
};
void main();
//# sourceMappingURL=main.js.map