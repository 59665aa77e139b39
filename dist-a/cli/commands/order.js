"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addOrder = void 0;
const commander_1 = require("commander");
const exit_1 = require("../exit");
const order_1 = require("../render/order");
const examples_1 = require("../examples");
/** `order <id>`: what became of an order, and what the log says of it. */
const addOrder = (program, run) => {
    const command = program
        .command('order <request-id>')
        .description('Show an order and its timeline: every record of it in the log, also what changed nothing')
        .addOption(new commander_1.Option('--wait <time>', 'wait for the decision, such as 10s; 30s at most'));
    (0, examples_1.examples)(command, [
        ['flash-sale order 7b4f', 'where it stands, and how it came there'],
        ['flash-sale order 7b4f --wait 10s', 'wait until it is decided'],
        ['flash-sale order 7b4f --json | jq -r .order.status', 'for a script'],
    ]);
    command.action(async (requestId, options) => run(command, async ({ api, terminal, json }) => {
        const path = `/orders/${encodeURIComponent(requestId)}`;
        const wait = options.wait === undefined ? '' : `?wait=${encodeURIComponent(options.wait)}`;
        const order = (await api.get('queryApi', `${path}${wait}`));
        const { status, body } = await api.call('queryApi', `${path}/timeline`);
        // An order that was accepted a moment ago has no row yet.
        const events = status === 200 ? body.events : [];
        if (json)
            terminal.json({ order, events });
        else
            terminal.lines((0, order_1.orderLines)(order, events, terminal.paint));
        return exit_1.exitCodes.done;
    }));
};
exports.addOrder = addOrder;
//# sourceMappingURL=order.js.map