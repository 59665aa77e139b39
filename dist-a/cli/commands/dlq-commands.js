"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addLetterCommands = void 0;
const node_crypto_1 = require("node:crypto");
const actor_1 = require("../actor");
const examples_1 = require("../examples");
const exit_1 = require("../exit");
const letter_lines_1 = require("../letters/letter-lines");
const pause_1 = require("../pause");
const terminal_1 = require("../terminal");
const letter_filter_1 = require("../letters/letter-filter");
const stock_1 = require("./stock");
const pollMs = 1_000;
/** Exactly one way to say which letters, so that nobody redrives more than was meant. */
const selectionOf = (ids, options) => {
    const filter = (0, letter_filter_1.filterOf)(options);
    const given = [
        ...(ids.length > 0 ? [{ ids }] : []),
        ...(options.plan === undefined ? [] : [{ plan_id: options.plan }]),
        ...(Object.keys(filter).length > 0 ? [{ filter }] : []),
        ...(options.all ? [{ filter: {} }] : []),
    ];
    const [selection] = given;
    if (selection === undefined || given.length > 1) {
        throw (0, exit_1.wrongUsage)('Say which letters in exactly one way: ids, --plan, a filter such as --reason, or --all.');
    }
    return selection;
};
const follow = async (context, commandId) => {
    const progress = (0, terminal_1.createProgress)(context.terminal.err);
    const path = `/admin/redrives/${encodeURIComponent(commandId)}`;
    try {
        for (;;) {
            const command = (await context.api.get('queryApi', path));
            progress.show((0, letter_lines_1.progressText)(command));
            if (command.state === 'DONE')
                return command;
            await (0, pause_1.pause)(pollMs, context.signal);
            if (context.signal.aborted)
                throw (0, exit_1.couldNot)(`It goes on without you: flash-sale dlq progress ${commandId}`);
        }
    }
    finally {
        progress.end();
    }
};
const acceptedLines = ({ command_id, letters }) => [
    `accepted: ${letters} letters (command ${command_id})`,
    `How far it is: flash-sale dlq progress ${command_id}`,
];
const send = async (context, verb, ids, options) => {
    const commandId = options.commandId ?? (0, node_crypto_1.randomUUID)();
    const answer = await context.api.command('commandApi', `/commands/${verb}`, {
        command_id: commandId,
        ...selectionOf(ids, options),
        ...(options.dryRun ? { dry_run: true } : {}),
        ...(options.rate === undefined ? {} : { rate: options.rate }),
        ...(options.limit === undefined ? {} : { limit: options.limit }),
        ...(options.note === undefined ? {} : { note: options.note }),
        actor: (0, actor_1.actorOf)(options),
    });
    const { terminal, json } = context;
    if (options.dryRun) {
        if (json)
            terminal.json(answer);
        else
            terminal.lines((0, letter_lines_1.planLines)(answer, verb, terminal.paint));
        return exit_1.exitCodes.done;
    }
    if (!options.wait) {
        if (json)
            terminal.json(answer);
        else
            terminal.lines(acceptedLines(answer));
        return exit_1.exitCodes.done;
    }
    const command = await follow(context, commandId);
    if (json)
        terminal.json(command);
    else
        terminal.lines((0, letter_lines_1.commandLines)(command));
    return exit_1.exitCodes.done;
};
const add = (dlq, run, verb, lines) => {
    const description = verb === 'redrive'
        ? 'Process letters again; one that fails again is parked again and never tried by itself'
        : 'Put letters aside, with a note that stands in the log';
    const command = (0, letter_filter_1.withFilter)(dlq.command(verb).description(description).argument('[ids...]'))
        .option('--plan <id>', 'exactly those that a dry run listed')
        .option('--all', 'every open letter', false)
        .option('--dry-run', 'freeze the list and say what would become of each, and do nothing', false)
        .option('--rate <count>', 'letters a second', stock_1.wholeNumber)
        .option('--limit <count>', 'letters at most', stock_1.wholeNumber)
        .option('--note <text>', 'why; discard needs it')
        .option('--actor <name>', 'who orders it; it stands in the log (default: your login name)')
        .option('--command-id <id>', 'given again, the command is carried out once (default: a new one)')
        .option('--no-wait', 'end as soon as the command is accepted');
    (0, examples_1.examples)(command, lines);
    command.action(async (ids, options) => run(command, (context) => send(context, verb, ids, options)));
};
const addProgress = (dlq, run) => {
    const command = dlq
        .command('progress <command-id>')
        .description('Show how far a redrive or discard has come');
    command.action(async (commandId) => run(command, async ({ api, terminal, json }) => {
        const path = `/admin/redrives/${encodeURIComponent(commandId)}`;
        const found = (await api.get('queryApi', path));
        if (json)
            terminal.json(found);
        else
            terminal.lines((0, letter_lines_1.commandLines)(found));
        return exit_1.exitCodes.done;
    }));
};
const addLetterCommands = (dlq, run) => {
    add(dlq, run, 'redrive', [
        ['flash-sale dlq redrive --group 5f3a --dry-run', 'what would happen; names a plan'],
        ['flash-sale dlq redrive --plan 9c1e --rate 500', 'exactly that list, 500 a second'],
        ['flash-sale dlq redrive order-requests:3:120', 'one letter'],
    ]);
    add(dlq, run, 'discard', [['flash-sale dlq discard --group 5f3a --note "test traffic"', 'a whole group']]);
    addProgress(dlq, run);
};
exports.addLetterCommands = addLetterCommands;
//# sourceMappingURL=dlq-commands.js.map