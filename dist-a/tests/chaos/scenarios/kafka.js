"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.kafkaScenarios = void 0;
const kafka_proxy_1 = require("../../support/kafka-proxy");
const breaking_1 = require("./breaking");
const during_1 = require("./during");
const restartKafka = (signals) => (stage) => (0, breaking_1.restartServer)(stage, 'kafka', {
    signals,
    bounds: { sinceHeal: { accepting_ms: 5_000, deciding_ms: 15_000 } },
    awayMs: 0,
    betweenMs: 10_000,
});
const brokerRestart = {
    id: 'F7',
    title: 'the broker is restarted by SIGTERM and by kill -9',
    bound: 'accepted within 5 s and decided within 15 s after it is ready',
    isSmoke: true,
    coolDownMs: 18_000,
    mayExitWith: [70, 72],
    act: restartKafka(['SIGTERM', 'SIGKILL']),
};
const brokerRestarts = {
    ...brokerRestart,
    id: 'F7l',
    title: 'the broker is killed by kill -9 five times',
    isSmoke: false,
    act: restartKafka(Array.from({ length: 5 }, () => 'SIGKILL')),
};
const lostProduceReplies = {
    id: 'F8',
    title: 'replies to Produce are swallowed, or their connection is reset, after delivery',
    bound: 'nothing accepted is lost; copies only, of the same bytes',
    isSmoke: true,
    coolDownMs: 12_000,
    act: async (stage) => {
        for (const role of ['command-api', 'saga']) {
            const link = stage.system.links.kafka[role];
            for (const fault of ['swallow response', 'cut']) {
                await (0, breaking_1.inRounds)(stage, {
                    count: 1,
                    name: `${role}: Produce reply, ${fault}`,
                    lastMs: 3_000,
                    hits: () => link.faults,
                    begin: () => link.failWith((0, kafka_proxy_1.onNth)(kafka_proxy_1.kafkaApi.produce, stage.random.integer(1, 8), fault)),
                    end: () => link.failWith(() => undefined),
                });
            }
        }
    },
};
const brokerOfThree = {
    id: 'F9',
    title: 'each of three brokers in turn is killed by kill -9 and is away for 6 s; min.insync.replicas is 2',
    bound: 'nothing accepted is lost; accepted again within 10 s and decided within 20 s of each death',
    brokersCount: 3,
    environment: { REPLICATION_FACTOR: '3' },
    coolDownMs: 15_000,
    mayExitWith: [70, 72],
    act: async (stage) => {
        const bounds = { sinceFault: { accepting_ms: 10_000, deciding_ms: 20_000 } };
        for (const broker of stage.system.stack.brokers) {
            await (0, during_1.during)(stage, `${broker.name} SIGKILL`, bounds, async () => {
                await broker.kill('SIGKILL');
                await stage.wait(6_000);
                await broker.start();
            });
            // Until it has caught up: with two away, nothing may be accepted.
            await stage.wait(12_000);
        }
    },
};
exports.kafkaScenarios = [
    brokerRestart,
    brokerRestarts,
    lostProduceReplies,
    brokerOfThree,
];
//# sourceMappingURL=kafka.js.map