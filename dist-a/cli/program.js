"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runProgram = exports.createProgram = void 0;
const commander_1 = require("commander");
const api_1 = require("./api");
const dlq_1 = require("./commands/dlq");
const order_1 = require("./commands/order");
const orders_1 = require("./commands/orders");
const reconcile_1 = require("./commands/reconcile");
const replay_1 = require("./commands/replay");
const sale_1 = require("./commands/sale");
const status_1 = require("./commands/status");
const stock_1 = require("./commands/stock");
const top_1 = require("./commands/top");
const examples_1 = require("./examples");
const exit_1 = require("./exit");
const settings_1 = require("./settings");
const contextOf = (parts, options) => {
    const settings = (0, settings_1.readSettings)(options, parts.environment, parts.root);
    const { terminal, signal } = parts;
    return { terminal, settings, api: (0, api_1.createApi)(settings), json: options.json === true, signal };
};
const runIn = (parts) => async (command, work) => parts.end(await work(contextOf(parts, command.optsWithGlobals())));
const notes = [
    `Exit codes: ${exit_1.exitCodes.done} done, or the answer is yes; ${exit_1.exitCodes.no} the answer is no (not found, refused, differences, not well);`,
    `${exit_1.exitCodes.couldNot} it could not be done or told; ${exit_1.exitCodes.usage} wrong usage; ${exit_1.exitCodes.interrupted} interrupted.`,
    '',
    'Addresses come from options, else from COMMAND_API_URL, QUERY_API_URL, SAGA_URL and PROJECTOR_URL, else from what',
    '`make up` of this checkout wrote, else from the usual ports of this machine. The operators’ token comes from',
    'ADMIN_TOKEN or from a file, and never from an option: arguments are seen by every user of the machine.',
    'Colours are off with NO_COLOR, and where the output is no terminal.',
].join('\n');
/** Every command of `flash-sale`, ready to parse. Nothing is asked before an action runs. */
const createProgram = (parts) => {
    const { out, err } = parts.terminal;
    const program = new commander_1.Command('flash-sale')
        .description('Look at a sale, control it and repair it, from one place.')
        .addOption(new commander_1.Option('--json', 'JSON for machines instead of tables'))
        .option('--command-api <url>', 'where the command API is')
        .option('--query-api <url>', 'where the query API is')
        .option('--saga <url>', 'where the saga is')
        .option('--projector <url>', 'where the projector is')
        .option('--token-file <path>', 'a file that holds the operators’ token')
        .configureOutput({
        writeOut: (text) => void out.write(text),
        writeErr: (text) => void err.write(text),
        getOutHelpWidth: () => 110,
        getErrHelpWidth: () => 110,
    })
        .configureHelp({ showGlobalOptions: false })
        .helpCommand(false)
        .exitOverride();
    (0, examples_1.examples)(program, [
        ['flash-sale status', 'is it up, and where does work wait?'],
        ['flash-sale top', 'watch the sale'],
        ['flash-sale order 7b4f', 'what became of an order'],
    ], [notes]);
    const run = runIn(parts);
    for (const add of [
        status_1.addStatus,
        (0, top_1.addTop)(parts.keyboard),
        order_1.addOrder,
        orders_1.addOrders,
        dlq_1.addDlq,
        stock_1.addStock,
        sale_1.addSale,
        reconcile_1.addReconcile,
        replay_1.addReplay,
    ])
        add(program, run);
    return program;
};
exports.createProgram = createProgram;
/** Runs what was typed. Never rejects for a reason that a message can tell. */
const runProgram = async (parts, argv) => {
    try {
        await (0, exports.createProgram)(parts).parseAsync(argv, { from: 'user' });
    }
    catch (error) {
        if (error instanceof commander_1.CommanderError) {
            parts.end(error.exitCode === 0 ? exit_1.exitCodes.done : exit_1.exitCodes.usage);
            return;
        }
        if (parts.signal.aborted) {
            parts.end(exit_1.exitCodes.interrupted);
            return;
        }
        if (!(error instanceof exit_1.CommandEnd))
            throw error;
        parts.terminal.err.write(`${error.message}\n`);
        parts.end(error.code);
    }
};
exports.runProgram = runProgram;
//# sourceMappingURL=program.js.map