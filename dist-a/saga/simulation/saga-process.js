"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.topicPartitions = exports.startProcess = void 0;
const tracing_1 = require("../../chassis/tracing");
const log_1 = require("../../chassis/log");
const follow_items_1 = require("../../schemas/follow-items");
const topics_1 = require("../../schemas/topics");
const decided_in_log_1 = require("../decided-in-log");
const epoch_fence_1 = require("../epoch-fence");
const gate_1 = require("../gate");
const handle_adjustments_1 = require("../handle-adjustments");
const handle_orders_1 = require("../handle-orders");
const observe_1 = require("../observe");
const budgeted_payment_1 = require("../payment/budgeted-payment");
const reconcile_1 = require("../reconcile");
const sales_1 = require("../sales");
const stock_catch_up_1 = require("../stock-catch-up");
const simulated_group_1 = require("./simulated-group");
const simulated_log_1 = require("./simulated-log");
const simulated_payment_1 = require("./simulated-payment");
const simulated_stock_1 = require("./simulated-stock");
const groupNames = ['requests', 'retries', 'adjustments'];
/** Short, so that an unknown payment is often postponed. */
const paymentBudget = { budgetMs: 150, inFlightMax: 4 };
/** Remembers the epoch of the last command, which is all that a process without the log's fence knows. */
const noting = (connector, note) => ({
    connect: async () => {
        const connection = await connector.connect();
        const decide = (epoch, requests, memory) => {
            note(epoch);
            return connection.decide(epoch, requests, memory);
        };
        return new Proxy(connection, {
            get: (target, name) => (name === 'decide' ? decide : Reflect.get(target, name)),
        });
    },
});
/** The code that production runs, composed with the simulation's ports. */
const composeHandlers = (around, actor) => {
    const { world, rulesOff, faults } = around;
    const codec = rulesOff.codec(around.codec);
    const log = (0, simulated_log_1.connectLog)(around.log, world, actor, faults);
    const clock = world.clockOf(actor);
    const memory = rulesOff.memory(around.memory);
    const fence = (0, epoch_fence_1.createEpochFence)(log);
    const items = (0, follow_items_1.followItems)({ reader: log, admin: log, codec });
    const ports = { producer: log, reader: log, admin: log, codec, clock, memory, fence, items };
    const common = {
        ...ports,
        holder: actor.name,
        log: log_1.silentLog,
        atStep: () => undefined,
        wallClockMs: () => world.nowMs,
        observe: observe_1.observeNothing,
        tracing: tracing_1.noTracing,
        onProgress: () => undefined,
    };
    let epochInUse = -1;
    const stock = (0, simulated_stock_1.connectSimulatedStock)(around.stock, world, actor, { faults, rulesOff });
    const gate = (0, gate_1.createGate)({
        ...common,
        connector: noting(stock, (epoch) => {
            epochInUse = epoch;
        }),
        reconcile: (connection, runId, reason) => (0, reconcile_1.reconcile)(common, connection, runId, reason),
    });
    const provider = (0, simulated_payment_1.connectPayment)(around.provider, around.late, { world, actor, faults });
    const orders = {
        ...common,
        gate,
        fence: rulesOff.handlerFence(fence, () => epochInUse),
        payment: rulesOff.payment((0, budgeted_payment_1.createBudgetedPayment)(provider, paymentBudget, clock, () => faults.random.next())),
        catchUpWithStock: (0, stock_catch_up_1.createStockCatchUp)(log, clock),
        sales: rulesOff.sales((0, sales_1.salesOf)(items)),
        decidedInLog: (0, decided_in_log_1.createDecidedInLog)({ ...common, answerAgeMaxMs: memory.horizonMs / 2 }),
    };
    return {
        requests: { handler: (0, handle_orders_1.createOrderHandler)({ ...orders, onUnknownPayment: 'resend' }) },
        retries: { handler: (0, handle_orders_1.createOrderHandler)({ ...orders, onUnknownPayment: 'hold' }) },
        adjustments: { handler: (0, handle_adjustments_1.createAdjustmentHandler)({ ...common, gate }), startAt: (0, handle_adjustments_1.adjustmentsStartAt)(gate) },
    };
};
/** Starts a process; it lives until its actor is killed. */
const startProcess = (around, actor) => {
    const { world, log, faults, rulesOff } = around;
    const handlers = composeHandlers(around, actor);
    for (const name of groupNames) {
        const group = around.groups[name];
        for (const partition of log.partitions(group.topic).keys()) {
            void (0, simulated_group_1.runLane)({
                world,
                actor,
                log,
                group,
                partition,
                ...handlers[name],
                random: faults.random,
                faultsAreOn: () => faults.isOn(),
                commitsFirst: rulesOff.commitsFirst,
                onBug: () => around.onBug(actor),
            });
        }
    }
};
exports.startProcess = startProcess;
exports.topicPartitions = {
    [topics_1.topics.orderRequests.name]: 2,
    [topics_1.topics.orderOutcomes.name]: 2,
    [topics_1.topics.paymentRetries.name]: 1,
    [topics_1.topics.stockAdjustments.name]: 1,
    [topics_1.topics.sagaEpochs.name]: 1,
    [topics_1.topics.orderDlq.name]: 1,
};
//# sourceMappingURL=saga-process.js.map