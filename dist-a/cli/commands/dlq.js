"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addDlq = void 0;
const commander_1 = require("commander");
const examples_1 = require("../examples");
const exit_1 = require("../exit");
const letter_lines_1 = require("../letters/letter-lines");
const letter_filter_1 = require("../letters/letter-filter");
const dlq_commands_1 = require("./dlq-commands");
const stock_1 = require("./stock");
const pageMax = 100;
const listLetters = async ({ api }, filter, most) => {
    const letters = [];
    let cursor = null;
    do {
        const limit = String(Math.min(pageMax, most - letters.length));
        const after = cursor === null ? {} : { cursor };
        const page = (await api.get('queryApi', `/admin/dlq${(0, letter_filter_1.queryOf)(filter, { limit, ...after })}`));
        letters.push(...page.letters);
        cursor = page.next_cursor;
    } while (cursor !== null && letters.length < most);
    return { letters, next_cursor: cursor };
};
const addList = (dlq, run) => {
    const command = (0, letter_filter_1.withFilter)(dlq.command('list').description('List letters, newest first')).addOption(new commander_1.Option('-n, --limit <count>', 'how many').argParser(stock_1.wholeNumber).default(50));
    (0, examples_1.examples)(command, [
        ['flash-sale dlq list --state PARKED,FAILED_AGAIN', 'what somebody must look at'],
        ['flash-sale dlq list --reason UNDECODABLE --json', 'for a script'],
    ]);
    command.action(async (options) => run(command, async (context) => {
        const page = await listLetters(context, (0, letter_filter_1.filterOf)(options), options.limit);
        const { terminal, json } = context;
        if (json)
            terminal.json(page);
        else {
            terminal.lines((0, letter_lines_1.letterLines)(page.letters, Date.now(), terminal.paint));
            if (page.next_cursor !== null)
                terminal.say('There are more: --limit shows them.');
        }
        return exit_1.exitCodes.done;
    }));
};
const addShow = (dlq, run) => {
    const command = dlq
        .command('show <id>')
        .description('Show a letter with its bytes, what they say, and what was done about it');
    (0, examples_1.examples)(command, [['flash-sale dlq show order-requests:3:120', 'the id is the place of the original']]);
    command.action(async (id) => run(command, async ({ api, terminal, json }) => {
        const letter = (await api.get('queryApi', `/admin/dlq/${encodeURIComponent(id)}`));
        if (json)
            terminal.json(letter);
        else
            terminal.lines((0, letter_lines_1.letterDetailLines)(letter, terminal.paint));
        return exit_1.exitCodes.done;
    }));
};
const addGroups = (dlq, run) => {
    const command = (0, letter_filter_1.withFilter)(dlq.command('groups').description('Count letters by what made them fail'));
    command.action(async (options) => run(command, async ({ api, terminal, json }) => {
        const path = `/admin/dlq/groups${(0, letter_filter_1.queryOf)((0, letter_filter_1.filterOf)(options))}`;
        const body = (await api.get('queryApi', path));
        if (json)
            terminal.json(body);
        else
            terminal.lines((0, letter_lines_1.groupLines)(body.groups, Date.now(), terminal.paint));
        return exit_1.exitCodes.done;
    }));
};
/** `dlq …`: what could not be processed, and what is done about it. */
const addDlq = (program, run) => {
    const dlq = program
        .command('dlq')
        .description('Look at dead letters, process them again or put them aside');
    addList(dlq, run);
    addGroups(dlq, run);
    addShow(dlq, run);
    (0, dlq_commands_1.addLetterCommands)(dlq, run);
};
exports.addDlq = addDlq;
//# sourceMappingURL=dlq.js.map