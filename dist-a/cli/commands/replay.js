"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addReplay = exports.rebuild = exports.viewNames = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const commander_1 = require("commander");
const children_1 = require("../children");
const examples_1 = require("../examples");
const exit_1 = require("../exit");
/** The views that can be rebuilt. */
exports.viewNames = ['orders', 'items', 'dead-letters'];
/** The rebuild's own exit codes, in ours: refused, different and stalled are a no. */
const codes = {
    0: exit_1.exitCodes.done,
    3: exit_1.exitCodes.no,
    4: exit_1.exitCodes.no,
    64: exit_1.exitCodes.usage,
};
/** Runs a command of the projector's rebuild on this terminal. */
const rebuild = async ({ settings, signal }, args, isNotice = false) => {
    const program = (0, node_path_1.join)(settings.root, 'dist', 'projector', 'replay', 'main.js');
    if (!(0, node_fs_1.existsSync)(program))
        throw (0, exit_1.couldNot)('The rebuild is not compiled yet. Compile it with: make build');
    const { root: cwd, environment } = settings;
    const code = await (0, children_1.runHere)(process.execPath, [program, ...args], { cwd, environment, signal, isNotice });
    return codes[code] ?? exit_1.exitCodes.couldNot;
};
exports.rebuild = rebuild;
const descriptions = {
    run: 'Build a view anew beside the live one, compare both, and switch',
    start: 'Build a view anew beside the live one, or go on with that after an interruption',
    status: 'Show how far a rebuild is, and how far both views are behind the log',
    verify: 'Compare the built view with the live one at equal offsets',
    switch: 'Let readers see the built view; the former one is kept for a rollback',
    rollback: 'Let readers see the former view again',
    drop: 'Remove what stands beside the live view',
};
const add = (replay, run, name) => {
    const command = replay
        .command(name)
        .description(descriptions[name])
        .addArgument(new commander_1.Argument('<view>', 'which view').choices(exports.viewNames));
    const accepts = name === 'run' || name === 'switch';
    if (accepts)
        command.addOption(new commander_1.Option('--accept-diff', 'switch although the views differ'));
    if (name === 'run') {
        (0, examples_1.examples)(command, [['flash-sale replay run orders', 'all of it; readers notice nothing']]);
    }
    command.action(async (view, options) => run(command, (context) => (0, exports.rebuild)(context, [
        name,
        view,
        ...(options.acceptDiff === true ? ['--accept-diff'] : []),
        ...(name === 'status' && context.json ? ['--json'] : []),
    ])));
};
/** `replay …`: a view from the log, without downtime. Needs Kafka and PostgreSQL, not the services. */
const addReplay = (program, run) => {
    const replay = program
        .command('replay')
        .description('Rebuild a view from the log while the live one is read and written');
    (0, examples_1.examples)(replay, [
        ['flash-sale replay run orders', 'start, verify and switch'],
        ['flash-sale replay status orders', 'how far it is, from another terminal'],
        ['flash-sale replay rollback orders', 'back to the former view'],
    ], [
        'Reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL and DATABASE_URL. Ends with 1 when it is refused, when the views',
        'differ, or when a rebuild stands still.',
    ]);
    for (const name of Object.keys(descriptions))
        add(replay, run, name);
};
exports.addReplay = addReplay;
//# sourceMappingURL=replay.js.map