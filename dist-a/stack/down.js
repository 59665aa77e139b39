"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.clean = exports.down = exports.stopRecordedProcesses = void 0;
const node_fs_1 = require("node:fs");
const compose_1 = require("./compose");
const process_identity_1 = require("./process-identity");
const run_records_1 = require("./run-records");
const stack_context_1 = require("./stack-context");
const stopAndTell = async (context, record) => {
    const outcome = await (0, run_records_1.stopRecorded)(record);
    switch (outcome) {
        case 'does not end':
            throw new stack_context_1.StackError(`${record.name} (pid ${record.pid}) does not end, even by SIGKILL.`);
        case 'was not running':
            break;
        case 'stopped':
        case 'killed':
            context.report(`${record.name} ${outcome}`);
    }
    (0, run_records_1.removeRecord)((0, stack_context_1.foldersOf)(context.root).run, record.name);
};
/**
 * Stops what `up` recorded: the supervisor with its services first, then services that lost their supervisor, then
 * the servers. Data stays.
 */
const stopRecordedProcesses = async (context) => {
    const { run, variables, logins } = (0, stack_context_1.foldersOf)(context.root);
    const of = (role) => (0, run_records_1.readRecords)(run).filter((record) => record.role === role);
    for (const record of of('supervisor'))
        await stopAndTell(context, record);
    for (const record of of('service').reverse())
        await stopAndTell(context, record);
    await Promise.all(of('server').map((record) => stopAndTell(context, record)));
    for (const file of [variables, logins])
        (0, node_fs_1.rmSync)(file, { force: true });
};
exports.stopRecordedProcesses = stopRecordedProcesses;
/** Stops the stack of this checkout, wherever it runs. */
const down = async (context) => {
    const running = (0, run_records_1.readRecords)((0, stack_context_1.foldersOf)(context.root).run).filter(process_identity_1.isRunning);
    await (0, exports.stopRecordedProcesses)(context);
    if (context.kind === 'docker')
        (0, compose_1.composeDown)(context, { removeData: false });
    else if (running.length === 0)
        context.report('Nothing is running.');
};
exports.down = down;
/** Stops the stack and removes its data and logs. What was downloaded stays, as it is fetched by exact version. */
const clean = async (context, removeData) => {
    await (0, exports.stopRecordedProcesses)(context);
    if (context.kind === 'docker')
        (0, compose_1.composeDown)(context, { removeData: true });
    const { data, logs, run, cache } = (0, stack_context_1.foldersOf)(context.root);
    removeData(data);
    for (const folder of [data, logs, run, cache])
        (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
    context.report('Removed data and logs.');
};
exports.clean = clean;
//# sourceMappingURL=down.js.map