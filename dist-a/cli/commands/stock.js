"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addStock = exports.orderedBy = exports.order = exports.withReason = exports.wholeNumber = void 0;
const node_crypto_1 = require("node:crypto");
const commander_1 = require("commander");
const actor_1 = require("../actor");
const examples_1 = require("../examples");
const exit_1 = require("../exit");
const items_1 = require("../render/items");
const wholeNumber = (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value))
        throw new commander_1.InvalidArgumentError('It must be a whole number.');
    return value;
};
exports.wholeNumber = wholeNumber;
const limitOf = (text) => (text === 'none' ? null : (0, exports.wholeNumber)(text));
/** Options of every operator's command: why, who, and what makes a repeat harmless. */
const withReason = (command) => (0, actor_1.withActor)(command.requiredOption('-r, --reason <text>', 'why; it stands in the log')).option('--command-id <id>', 'given again, the command is carried out once (default: a new one)');
exports.withReason = withReason;
const pageMax = 100;
const allItems = async ({ api }) => {
    const items = [];
    let cursor = null;
    do {
        const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page = (await api.get('queryApi', `/items?limit=${pageMax}${after}`));
        items.push(...page.items);
        cursor = page.next_cursor;
    } while (cursor !== null);
    return items;
};
const show = async (context, itemId) => {
    const { api, terminal, json } = context;
    if (itemId === undefined) {
        const items = await allItems(context);
        if (json)
            terminal.json({ items });
        else
            terminal.lines((0, items_1.itemLines)(items, terminal.paint));
        return exit_1.exitCodes.done;
    }
    const item = (await api.get('queryApi', `/items/${encodeURIComponent(itemId)}`));
    if (json)
        terminal.json(item);
    else
        terminal.lines((0, items_1.itemLines)([item], terminal.paint));
    return exit_1.exitCodes.done;
};
/** Sends an operator's command and says that the log has it. */
const order = async ({ api, terminal, json }, path, body) => {
    const answer = await api.command('commandApi', path, body);
    if (json)
        terminal.json(answer);
    else {
        const { position, command_id: commandId } = answer;
        terminal.lines([
            `accepted: in the log at ${position ?? 'a place it did not say'} (command ${commandId ?? '-'})`,
        ]);
    }
    return exit_1.exitCodes.done;
};
exports.order = order;
/** The members of every operator's command: why, who, and what makes a repeat harmless. */
const orderedBy = (options) => ({
    reason: options.reason,
    command_id: options.commandId ?? (0, node_crypto_1.randomUUID)(),
    actor: (0, actor_1.actorOf)(options),
});
exports.orderedBy = orderedBy;
const addShow = (stock, run) => {
    const command = stock
        .command('show [item]')
        .description('Show what is stocked, sold, pending and left, of one item or all');
    (0, examples_1.examples)(command, [['flash-sale stock show', 'all items']]);
    command.action(async (item) => run(command, (context) => show(context, item)));
};
const addAdd = (stock, run) => {
    const command = (0, exports.withReason)(stock
        .command('add')
        .description('Add units to an item; a negative number takes out what is neither sold nor reserved')
        .argument('<item>')
        .argument('<units>', '', exports.wholeNumber));
    (0, examples_1.examples)(command, [
        ['flash-sale stock add sneaker-red 100 -r "second delivery"', '100 more'],
        ['flash-sale stock add sneaker-red -r "damaged" -- -3', '3 fewer; -- ends the options'],
    ]);
    command.action(async (item, delta, options) => run(command, (context) => (0, exports.order)(context, '/commands/adjust-stock', {
        item_id: item,
        delta,
        ...(0, exports.orderedBy)(options),
    })));
};
const addSet = (stock, run) => {
    const command = (0, exports.withReason)(stock
        .command('set')
        .description('Set how many units of an item are stocked in all, if nobody has changed it since you looked')
        .argument('<item>')
        .argument('<units>', '', exports.wholeNumber)
        .requiredOption('--expected-version <n>', 'the version that `stock show` names', exports.wholeNumber));
    (0, examples_1.examples)(command, [
        ['flash-sale stock set sneaker-red 480 -r "counted" --expected-version 3', 'exactly 480, or nothing'],
    ]);
    command.action(async (item, quantity, options) => run(command, (context) => (0, exports.order)(context, '/commands/adjust-stock', {
        item_id: item,
        quantity,
        expected_version: options.expectedVersion,
        ...(0, exports.orderedBy)(options),
    })));
};
const addLimit = (stock, run) => {
    const command = (0, exports.withReason)(stock.command('limit').description('Set the most units that one buyer may have').argument('<item>')).argument('<units>', 'a number, or none', limitOf);
    (0, examples_1.examples)(command, [
        ['flash-sale stock limit sneaker-red 2 -r "fair shares"', 'two pairs a buyer'],
        ['flash-sale stock limit sneaker-red none -r "last day"', 'no limit any more'],
    ]);
    command.action(async (item, unitsMax, options) => run(command, (context) => (0, exports.order)(context, '/commands/set-buyer-limit', {
        item_id: item,
        units_max: unitsMax,
        ...(0, exports.orderedBy)(options),
    })));
};
/** `stock …`: stock changes by commands that become events, and by nothing else. */
const addStock = (program, run) => {
    const stock = program.command('stock').description('Show stock and change it; every change is an event');
    addShow(stock, run);
    addAdd(stock, run);
    addSet(stock, run);
    addLimit(stock, run);
};
exports.addStock = addStock;
//# sourceMappingURL=stock.js.map