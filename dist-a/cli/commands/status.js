"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addStatus = void 0;
const examples_1 = require("../examples");
const exit_1 = require("../exit");
const read_status_1 = require("../status/read-status");
const status_lines_1 = require("../status/status-lines");
/** `status`: is it up, what does it not reach, and where does work wait? */
const addStatus = (program, run) => {
    const command = program
        .command('status')
        .description('Show the processes, what they do not reach, lag, breaker, dead letters and the epoch of the stock');
    (0, examples_1.examples)(command, [
        ['flash-sale status', 'one look at everything'],
        ['flash-sale status --json | jq .figures', 'the figures, for a script'],
    ], ['Ends with 1 when a process is down or does not answer, and with 2 when none answers.']);
    command.action(async () => run(command, async ({ api, settings, terminal, json }) => {
        const status = await (0, read_status_1.readStatus)(api, settings.addresses);
        if (json)
            terminal.json(status);
        else
            terminal.lines((0, status_lines_1.statusLines)(status, terminal.paint));
        if (status.processes.every(({ state }) => state === 'silent')) {
            throw (0, exit_1.couldNot)('No process answers. Is it up? make ps');
        }
        return status.is_well ? exit_1.exitCodes.done : exit_1.exitCodes.no;
    }));
};
exports.addStatus = addStatus;
//# sourceMappingURL=status.js.map