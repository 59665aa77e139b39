"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.dependencyScenarios = void 0;
const foreign_orders_1 = require("./foreign-orders");
const during_1 = require("./during");
const registryDown = {
    id: 'F17',
    title: 'the registry is stopped; a saga and an API are restarted meanwhile; then it hangs',
    bound: 'accepted within 2 s, decided within 5 s, and 2 s while it hangs; a restart is ready from the disk; no dead letter',
    act: async (stage) => {
        const accepted = (0, during_1.goesOn)({ accepting: 2_000 });
        await (0, during_1.during)(stage, 'registry stopped', { sinceFault: { ...accepted, deciding_ms: 5_000 } }, async () => {
            await stage.system.stack.registry.kill('SIGKILL');
            await stage.wait(3_000);
            for (const name of ['saga-1', 'command-api-1', 'projector-1']) {
                await stage.system.instance(name).kill('SIGKILL');
                await stage.system.instance(name).ready();
            }
            await stage.system.stack.registry.start();
        });
        await (0, during_1.during)(stage, 'registry hangs', { sinceFault: { ...accepted, deciding_ms: 2_000 } }, async () => {
            stage.system.stack.registry.sleep();
            await stage.wait(5_000);
            stage.system.stack.registry.wake();
        });
    },
};
const paymentTrouble = {
    id: 'F18',
    title: 'the payment provider loses half of its answers after charging, and is away for 20 s',
    bound: 'one net charge for each completed order, none for a refused one; decided within 30 s after',
    environment: {
        PAYMENT_TIMEOUT_RATE: '0.5',
        PAYMENT_HANG: '3s',
        PAYMENT_TIMEOUT: '1s',
        PAYMENT_BUDGET: '4s',
    },
    // Half of the charges take a time-out of 1 s, 60 at a time: no more than 50 to 60 orders a second can be paid.
    ordersPerSecond: 30,
    settleMs: 120_000,
    act: async (stage) => {
        const bounds = { sinceHeal: { deciding_ms: 30_000 } };
        await (0, during_1.during)(stage, 'payment away', bounds, async () => {
            await stage.system.instance('payment-simulator-1').hold('SIGKILL');
            await stage.wait(20_000);
            stage.system.instance('payment-simulator-1').launch();
            await stage.system.instance('payment-simulator-1').ready();
        });
    },
};
const unknownSchema = {
    id: 'F17u',
    title: 'orders of a newer writer arrive while the registry is away, so that nobody can read them',
    bound: 'no dead letter and no refusal: they wait, and are decided within 15 s after the registry is back',
    ordersPerSecond: 60,
    act: async (stage) => {
        const id = await (0, foreign_orders_1.registerVariant)(stage.system.direct.SCHEMA_REGISTRY_URL);
        const bounds = { sinceFault: (0, during_1.goesOn)({ accepting: 2_000 }), sinceHeal: { caught_up_ms: 15_000 } };
        await (0, during_1.during)(stage, 'newer schema without a registry', bounds, async () => {
            await stage.system.stack.registry.kill('SIGKILL');
            const orders = Array.from({ length: 12 }, (_, index) => (0, foreign_orders_1.orderRequested)(`newer-${index}`, stage.random.pick(stage.shop.items)));
            await (0, foreign_orders_1.inject)(stage, orders.map((order) => (0, foreign_orders_1.encodeUnder)(id, order)));
            await stage.wait(6_000);
            await stage.system.stack.registry.start();
        });
    },
};
exports.dependencyScenarios = [registryDown, unknownSchema, paymentTrouble];
//# sourceMappingURL=dependencies.js.map