"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.logScenarios = void 0;
const kafkajs_1 = require("kafkajs");
const topics_1 = require("../../../schemas/topics");
const during_1 = require("./during");
const foreign_orders_1 = require("./foreign-orders");
/** Keys name what is wrong; each must end as a dead letter and, having a key, as a refused order. */
const poisons = (round) => {
    const topic = topics_1.topics.orderRequests.name;
    const value = (name, bytes) => ({
        topic,
        key: `poison-${round}-${name}`,
        value: bytes,
        headers: { 'x-foreign': 'yes' },
    });
    return [
        value('null', null),
        value('json', Buffer.from('{"request_id":"x"}')),
        value('magic', Buffer.from([7, 0, 0, 0, 1, 2])),
        value('short', (0, foreign_orders_1.framed)(1, Buffer.alloc(0))),
        value('unknown-id', (0, foreign_orders_1.framed)(987_654, Buffer.from([1, 2, 3]))),
        value('noise', (0, foreign_orders_1.framed)(1, Buffer.alloc(300, 0xfe))),
        value('large', (0, foreign_orders_1.framed)(1, Buffer.alloc(900_000, 1))),
        { topic, key: null, value: Buffer.from('nobody'), partition: round % 8 },
    ];
};
const poison = {
    id: 'F23',
    title: 'poison among the orders: no value, no framing, unknown schema, noise, 900 kB, no key',
    bound: 'each in the dead-letter topic once, its order refused, its neighbours untouched, nobody ends',
    isSmoke: true,
    act: async (stage) => {
        for (let round = 0; round < 3; round += 1) {
            await (0, during_1.during)(stage, `poison ${round + 1}`, { sinceFault: { deciding_ms: 5_000 } }, () => (0, foreign_orders_1.inject)(stage, poisons(round)));
            await stage.wait(2_000);
        }
    },
};
const rebalanceStorm = {
    id: 'F26',
    title: 'a saga and a projector leave and join again for 60 s, a second after both are gone',
    bound: 'no order waits for more than 15 s meanwhile; decided within 15 s after the last',
    coolDownMs: 16_000,
    act: async (stage) => {
        const bounds = { sinceFault: { deciding_gap_ms: 15_000 }, sinceHeal: { deciding_ms: 15_000 } };
        await (0, during_1.during)(stage, 'rebalance storm', bounds, async () => {
            const endsAtMs = performance.now() + 60_000;
            while (performance.now() < endsAtMs) {
                const names = [
                    stage.random.pick(['saga-1', 'saga-2']),
                    stage.random.pick(['projector-1', 'projector-2']),
                ];
                await Promise.all(names.map((name) => stage.system.instance(name).kill('SIGTERM')));
                await stage.wait(1_000);
            }
            await stage.system.ready();
        });
    },
};
const backlog = {
    id: 'F27',
    title: 'both sagas are away for 60 s and come back to a backlog',
    bound: 'orders are accepted meanwhile; all caught up within 20 s',
    coolDownMs: 20_000,
    act: async (stage) => {
        const sagas = stage.system.instances('saga');
        const bounds = { sinceFault: (0, during_1.goesOn)({ accepting: 1_000 }), sinceHeal: { caught_up_ms: 20_000 } };
        await (0, during_1.during)(stage, 'no saga', bounds, async () => {
            await Promise.all(sagas.map((saga) => saga.hold('SIGKILL')));
            await stage.wait(60_000);
            for (const saga of sagas)
                saga.launch();
            await Promise.all(sagas.map((saga) => saga.ready()));
        });
    },
};
/** Old orders once more, as they are in the log: a producer that tries again much too late. */
const replayOld = async (stage, count) => {
    const requests = await (0, foreign_orders_1.requestsSoFar)(stage);
    const again = Array.from({ length: count }, () => stage.random.pick(requests));
    await (0, foreign_orders_1.produce)(stage, again.map(({ topic, key, value, headers }) => ({ topic, key, value, headers })));
};
const backToTheBeginning = async (stage) => {
    const sagas = stage.system.instances('saga');
    await Promise.all(sagas.map((saga) => saga.hold('SIGTERM')));
    const brokers = [stage.system.direct.KAFKA_BROKERS];
    const admin = new kafkajs_1.Kafka({ brokers, logLevel: kafkajs_1.logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.resetOffsets({ groupId: 'saga', topic: topics_1.topics.orderRequests.name, earliest: true });
    await admin.disconnect();
    for (const saga of sagas)
        saga.launch();
    await Promise.all(sagas.map((saga) => saga.ready()));
};
const redelivery = {
    id: 'F24',
    title: 'old orders are in the log again, within and beyond what Redis remembers; the group begins anew',
    bound: 'no order is decided twice; all caught up within 20 s of the new beginning',
    recordTtlMs: 20_000,
    ordersPerSecond: 60,
    act: async (stage) => {
        for (const afterMs of [1_000, 24_000]) {
            await stage.wait(afterMs);
            await (0, during_1.during)(stage, `old orders again after ${afterMs} ms`, {}, async () => {
                // What was sold out can be had again: who forgets a refusal sells.
                await stage.shop.addToAll(20);
                await replayOld(stage, 150);
                await stage.wait(3_000);
            });
        }
        const bounds = { sinceHeal: { caught_up_ms: 20_000 } };
        await (0, during_1.during)(stage, 'offsets reset to 0', bounds, () => backToTheBeginning(stage));
    },
};
exports.logScenarios = [poison, rebalanceStorm, backlog, redelivery];
//# sourceMappingURL=log-input.js.map