"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runDemo = void 0;
const connection_1 = require("../../chassis/kafka/connection");
const reader_1 = require("../../chassis/kafka/reader");
const event_codec_1 = require("../../schemas/event-codec");
const client_1 = require("./client");
const drive_1 = require("./drive");
const invariants_1 = require("./invariants");
const payment_journal_1 = require("./payment-journal");
const plan_1 = require("./plan");
const read_run_1 = require("./read-run");
const report_1 = require("./report");
/** Long enough for an order whose payment times out and moves to the retry topic. */
const terminalWaitMs = 60_000;
/** The view follows the log within milliseconds; a machine under load may need seconds. */
const settleWaitMs = 30_000;
const stockItems = async (commands, plan, options) => {
    for (const { itemId, stocked } of plan.items) {
        const body = { item_id: itemId, delta: stocked, reason: 'demo', command_id: `stock-${itemId}` };
        const answer = await commands.post('/commands/adjust-stock', body, {
            Authorization: `Bearer ${options.adminToken}`,
        });
        if (answer.status !== 202)
            throw new Error(`stocking ${itemId} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
};
const showItem = async (queries, { itemId }) => {
    const { status, body } = await queries.get(`/items/${itemId}`);
    if (status !== 200)
        return undefined;
    return {
        itemId,
        stocked: Number(body['stocked']),
        sold: Number(body['sold']),
        pending: Number(body['pending']),
    };
};
/** The items as shown, asked again until `settled` says so or the time is over. */
const showItems = async (queries, items, settled) => {
    const endsAtMs = performance.now() + settleWaitMs;
    for (;;) {
        const shown = (await Promise.all(items.map((item) => showItem(queries, item)))).flatMap((item) => item ?? []);
        if (settled(shown) || performance.now() > endsAtMs)
            return shown;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
};
const everyItemIsStocked = (items) => (shown) => shown.length === items.length && items.every(({ stocked }, index) => shown[index]?.stocked === stocked);
const nothingIsPending = (shown) => shown.every(({ pending }) => pending === 0);
/** Redraws one line on a terminal; elsewhere writes a line every two seconds. */
const showProgress = (progress, total, options) => {
    const startedAtMs = performance.now();
    const draw = () => {
        const line = (0, report_1.progressLine)(progress, total, performance.now() - startedAtMs);
        options.print(options.isTerminal ? `\r  ${line}` : `  ${line}\n`);
    };
    const timer = setInterval(draw, options.isTerminal ? 100 : 2_000);
    return () => {
        clearInterval(timer);
        draw();
        if (options.isTerminal)
            options.print('\n');
    };
};
const readLog = async (options, runId) => {
    const connection = (0, connection_1.kafkaConnection)({ brokers: options.brokers, clientId: 'demo' });
    const codec = await (0, event_codec_1.createEventCodec)({ registryUrl: options.registryUrl });
    return (0, read_run_1.readRun)((0, reader_1.createLogReader)(connection), codec, runId);
};
const howToGoOn = (options, evidence) => {
    const item = evidence.items[3]?.itemId ?? 'poster';
    const order = evidence.orders[0]?.body.request_id ?? '';
    return [
        '',
        '  Place an order of your own, and read it:',
        '',
        `    curl -s ${options.shownCommandUrl}/commands/buy -H 'Content-Type: application/json' \\`,
        `      -d '{"user_id":"me","item_id":"${item}","amount":1,"request_id":"my-first-order"}'`,
        `    curl -s '${options.shownQueryUrl}/orders/my-first-order?wait=10s'`,
        '',
        `  One order of the demo:  curl -s ${options.shownQueryUrl}/orders/${order}/timeline`,
        `  The items:              curl -s ${options.shownQueryUrl}/items`,
        '  The system stays up; `make down` stops it.',
        '',
    ].join('\n');
};
/** Runs the demo against a running system. @returns the exit code: 0 only when every invariant holds. */
const runDemo = async (options) => {
    const runId = `demo${Date.now().toString(36)}`;
    const plan = (0, plan_1.makePlan)({ ...options, runId });
    const commands = new client_1.Client(options.commandUrl, options.concurrency);
    const queries = new client_1.Client(options.queryUrl, options.concurrency);
    try {
        options.print(`\n  Stocking ${plan.items.length} items\n`);
        await stockItems(commands, plan, options);
        await showItems(queries, plan.items, everyItemIsStocked(plan.items));
        options.print(`  ${options.buyers} buyers press buy: ${plan.orders} orders, ${plan.presses.length - plan.orders} repeats and faulty presses\n`);
        const progress = (0, drive_1.newProgress)();
        const finish = showProgress(progress, plan.presses.length, options);
        const startedAtMs = performance.now();
        const driven = await (0, drive_1.drive)(plan, {
            commands,
            queries,
            concurrency: options.concurrency,
            progress,
            waitMs: terminalWaitMs,
        });
        const elapsedMs = performance.now() - startedAtMs;
        finish();
        options.print('  Reading the log back and judging the sale\n');
        const charges = await (0, payment_journal_1.readNetCharges)(options.journalUrl, runId);
        const evidence = {
            items: plan.items,
            orders: driven.orders,
            unsure: driven.unsure,
            shown: await showItems(queries, plan.items, nothingIsPending),
            log: await readLog(options, runId),
            ...(charges === undefined ? {} : { charges }),
        };
        const verdicts = [
            ...(0, invariants_1.judge)(evidence),
            { name: 'every press was answered as it should be', violations: driven.surprises },
        ];
        options.print(`${(0, report_1.summary)(evidence, progress, elapsedMs)}\n${(0, report_1.verdictLines)(verdicts)}\n`);
        const holds = verdicts.every(({ violations }) => violations.length === 0);
        options.print(holds ? howToGoOn(options, evidence) : '\n  An invariant does not hold.\n');
        return holds ? 0 : 1;
    }
    finally {
        commands.close();
        queries.close();
    }
};
exports.runDemo = runDemo;
//# sourceMappingURL=run-demo.js.map