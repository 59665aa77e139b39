"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addOrders = void 0;
const commander_1 = require("commander");
const examples_1 = require("../examples");
const exit_1 = require("../exit");
const stuck_orders_1 = require("../render/stuck-orders");
const stock_1 = require("./stock");
const pageMax = 100;
const listOrders = async ({ api }, { olderThan, limit }) => {
    const orders = [];
    let cursor = null;
    do {
        const query = new URLSearchParams({
            state: 'PENDING',
            older_than: olderThan,
            limit: String(Math.min(pageMax, limit - orders.length)),
            ...(cursor === null ? {} : { cursor }),
        });
        const page = (await api.get('queryApi', `/admin/orders?${query.toString()}`));
        orders.push(...page.orders);
        cursor = page.next_cursor;
    } while (cursor !== null && orders.length < limit);
    return { orders, next_cursor: cursor };
};
const show = async (context, options) => {
    const page = await listOrders(context, options);
    const { terminal, json } = context;
    if (json)
        terminal.json(page);
    else {
        terminal.lines((0, stuck_orders_1.stuckLines)(page.orders, terminal.paint));
        if (page.next_cursor !== null)
            terminal.say('There are more: --limit shows them.');
    }
    return page.orders.length === 0 ? exit_1.exitCodes.done : exit_1.exitCodes.no;
};
/** `orders`: what was accepted and has no outcome, and what it waits for. */
const addOrders = (program, run) => {
    const command = program
        .command('orders')
        .description('List orders that wait for their outcome for too long, oldest first, and what each waits for')
        .option('--older-than <time>', 'accepted at least this long ago', '30s')
        .addOption(new commander_1.Option('-n, --limit <count>', 'how many').argParser(stock_1.wholeNumber).default(50));
    (0, examples_1.examples)(command, [
        ['flash-sale orders --older-than 60s', 'what the alert OrdersOverdue counts'],
        ['flash-sale orders --json | jq .orders[].step', 'for a script'],
    ], ['Ends with 0 when no order waits that long, and with 1 when some do.']);
    command.action(async (options) => run(command, (context) => show(context, options)));
};
exports.addOrders = addOrders;
//# sourceMappingURL=orders.js.map