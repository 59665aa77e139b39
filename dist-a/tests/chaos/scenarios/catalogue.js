"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.faults = exports.rightClock = exports.skewClock = void 0;
const node_path_1 = require("node:path");
const project_root_1 = require("../../../stack/project-root");
const kafka_proxy_1 = require("../../support/kafka-proxy");
const chaos_system_1 = require("../chaos-system");
const during_1 = require("./during");
const redis_1 = require("./redis");
/** After each of them the shop must sell at nine tenths of its earlier rate again. */
const bounds = { sinceHeal: { throughput_ms: 30_000 } };
const fault = (stage, name, broken) => (0, during_1.during)(stage, name, bounds, broken);
const anyService = (stage) => stage.random.pick(stage.system.all().filter(({ name }) => !name.startsWith('payment')));
const endOne = async (stage) => {
    const process = anyService(stage);
    const signal = stage.random.pick(['SIGKILL', 'SIGTERM']);
    await fault(stage, `${process.name} ${signal}`, async () => {
        await process.kill(signal);
        await process.ready();
    });
};
const sleepOne = async (stage) => {
    const process = anyService(stage);
    const ms = stage.random.pick([2_000, 5_000, 13_000]);
    await fault(stage, `${process.name} sleeps ${ms} ms`, async () => {
        process.sleep();
        await stage.wait(ms);
        process.wake();
    });
};
/** On a machine whose clock is an hour ahead or behind; the next start is on a right one again. */
const wrongClock = async (stage) => {
    const process = anyService(stage);
    const skewMs = stage.random.pick([-3_600_000, 3_600_000]);
    await fault(stage, `${process.name} restarts with a clock off by ${skewMs / 60_000} min`, async () => {
        await (0, exports.skewClock)(process, { skewMs });
        await stage.wait(8_000);
        await (0, exports.rightClock)(process);
    });
};
/** Starts it again on a wrong wall clock. */
const skewClock = async (process, { skewMs = 0, jumpMs = 0, jumpAfterMs = 0 }) => {
    process.replan({
        nodeArguments: ['--require', (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'dist', 'tests', 'chaos', 'skewed-clock.js')],
        environment: {
            CLOCK_SKEW_MS: String(skewMs),
            CLOCK_JUMP_MS: String(jumpMs),
            CLOCK_JUMP_AFTER_MS: String(jumpAfterMs),
        },
    });
    await process.kill('SIGTERM');
    await process.ready();
};
exports.skewClock = skewClock;
const rightClock = async (process) => {
    process.replan({ nodeArguments: [] });
    await process.kill('SIGTERM');
    await process.ready();
};
exports.rightClock = rightClock;
const endServer = async (stage) => {
    const name = stage.random.pick(['kafka', 'redis', 'postgres', 'registry']);
    // SIGINT is PostgreSQL's fast stop; SIGTERM would wait for every session to end.
    const signal = stage.random.pick(['SIGKILL', name === 'postgres' ? 'SIGINT' : 'SIGTERM']);
    await fault(stage, `${name} ${signal}`, async () => {
        await stage.system.stack[name].kill(signal);
        await stage.wait(stage.random.integer(0, 2_000));
        await stage.system.stack[name].start();
    });
};
const sleepServer = async (stage) => {
    const name = stage.random.pick(['kafka', 'redis', 'postgres', 'registry']);
    const ms = stage.random.pick([1_000, 4_000, 8_000]);
    await fault(stage, `${name} sleeps ${ms} ms`, async () => {
        stage.system.stack[name].sleep();
        await stage.wait(ms);
        stage.system.stack[name].wake();
    });
};
const wipeRedis = (stage) => fault(stage, 'FLUSHALL', () => (0, redis_1.tellRedis)(stage, 'FLUSHALL'));
const loseReplies = async (stage) => {
    const { links } = stage.system;
    const role = stage.random.pick(['command-api', 'saga', 'projector']);
    const how = stage.random.pick(['swallow response', 'cut', 'drop request']);
    const api = stage.random.pick([kafka_proxy_1.kafkaApi.produce, kafka_proxy_1.kafkaApi.offsetCommit, kafka_proxy_1.kafkaApi.fetch]);
    await fault(stage, `${role}: ${how} of api ${api}; one EVALSHA and one COMMIT reply lost`, async () => {
        links.kafka[role].failWith((0, kafka_proxy_1.onNth)(api, stage.random.integer(0, 5), how));
        links.sagaRedis.cutAtReply('evalsha', stage.random.integer(0, 20));
        links.projectorPostgres.cutAtReply('commit', stage.random.integer(0, 10));
        await stage.wait(3_000);
        links.kafka[role].failWith(() => undefined);
        links.sagaRedis.heal();
        links.projectorPostgres.heal();
    });
};
const badLink = async (stage) => {
    const { sagaRedis, projectorPostgres, payment, apiRedis, queryPostgres } = stage.system.links;
    const [name, link] = stage.random.pick([
        ['saga-redis', sagaRedis],
        ['api-redis', apiRedis],
        ['projector-postgres', projectorPostgres],
        ['query-postgres', queryPostgres],
        ['payment', payment],
    ]);
    const behaviour = stage.random.pick([
        { delayMs: 80 },
        { resetChance: 0.02 },
        { isSilent: true },
        { sliceBytes: 7 },
        { bytesPerSecond: 64_000 },
    ]);
    await fault(stage, `${name} ${JSON.stringify(behaviour)}`, async () => {
        link.behave(behaviour);
        await stage.wait(stage.random.integer(2_000, 6_000));
        link.heal();
        link.cut();
    });
};
const partitionFromKafka = async (stage) => {
    const role = stage.random.pick(chaos_system_1.kafkaRoles);
    const ms = stage.random.pick([2_000, 6_000, 13_000]);
    await fault(stage, `${role} | kafka for ${ms} ms`, async () => {
        stage.system.links.kafka[role].freeze();
        await stage.wait(ms);
        stage.system.links.kafka[role].thaw();
    });
};
const rebalance = (stage) => fault(stage, 'three rebalances', async () => {
    for (let round = 0; round < 3; round += 1) {
        const number = stage.random.integer(1, 2);
        const leaving = [stage.system.instance(`saga-${number}`), stage.system.instance(`projector-${number}`)];
        await Promise.all(leaving.map((process) => process.kill('SIGTERM')));
        await stage.wait(1_000);
    }
    await stage.system.ready();
});
const paymentAway = async (stage) => {
    const provider = stage.system.instance('payment-simulator-1');
    await fault(stage, 'payment away', async () => {
        await provider.hold('SIGKILL');
        await stage.wait(stage.random.integer(1_000, 5_000));
        provider.launch();
        await provider.ready();
    });
};
/** Two different ones at the same moment. */
const together = async (stage) => {
    const one = stage.random.pick([wipeRedis, loseReplies, badLink]);
    const other = stage.random.pick([endOne, sleepOne, partitionFromKafka]);
    await Promise.all([one(stage), other(stage)]);
};
exports.faults = [
    endOne,
    endOne,
    sleepOne,
    wrongClock,
    endServer,
    endServer,
    sleepServer,
    wipeRedis,
    loseReplies,
    badLink,
    partitionFromKafka,
    rebalance,
    paymentAway,
    together,
];
//# sourceMappingURL=catalogue.js.map