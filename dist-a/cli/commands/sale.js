"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addSale = void 0;
const examples_1 = require("../examples");
const exit_1 = require("../exit");
const figures_1 = require("../render/figures");
const paint_1 = require("../render/paint");
const table_1 = require("../render/table");
const stock_1 = require("./stock");
const actions = {
    open: 'Sell the item from now on, whatever was scheduled',
    pause: 'Stop selling the item within a second; orders that were accepted before are decided',
    resume: 'Sell a paused item again',
    close: 'End the sale of the item; buyers are answered 410',
};
const addShow = (sale, run) => {
    const command = sale
        .command('show <item>')
        .description('Show whether an item is on sale, and from when to when');
    command.action(async (itemId) => run(command, async ({ api, terminal, json }) => {
        const item = (await api.get('queryApi', `/items/${encodeURIComponent(itemId)}`));
        if (json)
            terminal.json({ item_id: item.item_id, sale: item.sale ?? null });
        else {
            const { state = 'OPEN', opens_at: opensAt = null, closes_at: closesAt = null } = item.sale ?? {};
            const columns = ['item', 'sale', 'opens at (UTC)', 'closes at (UTC)'].map((title) => ({ title }));
            const row = [(0, paint_1.harmless)(item.item_id), state, (0, figures_1.instant)(opensAt), (0, figures_1.instant)(closesAt)];
            terminal.lines((0, table_1.table)(columns, [row], terminal.paint));
        }
        return exit_1.exitCodes.done;
    }));
};
const addAction = (sale, run, action) => {
    const command = (0, stock_1.withReason)(sale.command(action).description(actions[action]).argument('<item>'));
    (0, examples_1.examples)(command, [[`flash-sale sale ${action} sneaker-red -r "as announced"`, '']]);
    command.action(async (item, options) => run(command, (context) => (0, stock_1.order)(context, '/commands/sale', {
        item_id: item,
        action,
        ...(0, stock_1.orderedBy)(options),
    })));
};
const addSchedule = (sale, run) => {
    const command = (0, stock_1.withReason)(sale
        .command('schedule')
        .description('Sell the item from a time, until a time, or both; too early buyers are answered 425')
        .argument('<item>')
        .option('--opens-at <time>', 'such as 2026-11-27T12:00:00Z')
        .option('--closes-at <time>', 'such as 2026-11-27T18:00:00Z'));
    (0, examples_1.examples)(command, [
        [
            'flash-sale sale schedule sneaker-red --opens-at 2026-11-27T12:00:00Z -r "as announced"',
            'from noon on',
        ],
    ]);
    command.action(async (item, options) => run(command, (context) => (0, stock_1.order)(context, '/commands/sale', {
        item_id: item,
        action: 'schedule',
        ...(options.opensAt === undefined ? {} : { opens_at: options.opensAt }),
        ...(options.closesAt === undefined ? {} : { closes_at: options.closesAt }),
        ...(0, stock_1.orderedBy)(options),
    })));
};
/** `sale …`: when an item is sold. Every change is an event, effective within a second. */
const addSale = (program, run) => {
    const sale = program
        .command('sale')
        .description('Open, pause, resume, close or schedule the sale of an item');
    addShow(sale, run);
    for (const action of Object.keys(actions))
        addAction(sale, run, action);
    addSchedule(sale, run);
};
exports.addSale = addSale;
//# sourceMappingURL=sale.js.map