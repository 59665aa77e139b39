"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.redisScenarios = exports.tellRedis = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const ioredis_1 = require("ioredis");
const breaking_1 = require("./breaking");
const during_1 = require("./during");
const decideAfterRedis = { sinceHeal: { accepting_ms: 3_000, deciding_ms: 8_000 } };
/** What is in the file has not to be built from the log. */
const decideAfterIntactRedis = { sinceHeal: { accepting_ms: 3_000, deciding_ms: 5_000 } };
const redisRestart = {
    id: 'F10',
    title: 'Redis is restarted by SIGTERM and by kill -9, its file intact',
    bound: 'orders are accepted meanwhile; decided within 5 s after it is back',
    act: (stage) => (0, breaking_1.restartServer)(stage, 'redis', {
        signals: ['SIGTERM', 'SIGKILL'],
        bounds: { ...decideAfterIntactRedis, sinceFault: (0, during_1.goesOn)({ accepting: 3_000 }) },
        betweenMs: 8_000,
    }),
};
const largestFile = (folder) => (0, node_fs_1.readdirSync)(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => (0, node_path_1.join)(folder, name))
    .filter((file) => /\.aof$/.test(file) && (0, node_fs_1.statSync)(file).isFile())
    .sort((one, other) => (0, node_fs_1.statSync)(other).size - (0, node_fs_1.statSync)(one).size)[0];
const redisLosesItsTail = {
    id: 'F11',
    title: 'Redis is killed and its append-only file loses a random tail',
    bound: 'no oversell; decided within 8 s after it is back',
    isSmoke: true,
    redisArgs: ['--aof-load-truncated', 'yes'],
    act: async (stage) => {
        await (0, during_1.during)(stage, 'redis loses its tail', decideAfterRedis, async () => {
            await stage.system.stack.redis.kill('SIGKILL');
            const file = largestFile(stage.system.stack.dataOf('redis'));
            if (file !== undefined)
                (0, node_fs_1.truncateSync)(file, Math.floor((0, node_fs_1.statSync)(file).size * (0.3 + stage.random.next() * 0.6)));
            await stage.system.stack.redis.start();
        });
    },
};
/** One word to Redis, past everybody else. */
const tellRedis = async (stage, command, ...args) => {
    const redis = new ioredis_1.Redis(stage.system.direct.REDIS_URL);
    try {
        await redis.call(command, ...args);
    }
    finally {
        redis.disconnect();
    }
};
exports.tellRedis = tellRedis;
/** What it has decided is forgotten by all but itself. Ends when everybody is ready for the next one. */
const wipeWhileASagaSleeps = async (stage, step, afterwards) => {
    const bounds = { sinceHeal: { deciding_ms: 13_000 } };
    const meanwhile = async () => {
        await (0, exports.tellRedis)(stage, 'FLUSHALL');
        await afterwards();
    };
    await (0, breaking_1.sleepAtStep)(stage, stage.system.instances('saga'), step, { bounds, meanwhile });
    await stage.wait(3_000);
    await stage.system.ready();
};
const redisWiped = {
    id: 'F12',
    title: 'FLUSHALL while a saga sleeps between its decision and the log, for 4 s and for 13 s; then the data folder is deleted',
    bound: 'no oversell; every void outcome has a valid one; decided within 13 s and 8 s',
    isSmoke: true,
    failpoints: ['saga'],
    coolDownMs: 10_000,
    mayExitWith: [70, 72],
    act: async (stage) => {
        for (const [step, ms] of [
            ['after-settle@2', 4_000],
            ['after-charge@2', 4_000],
            ['after-settle@2', 13_000],
        ]) {
            await wipeWhileASagaSleeps(stage, step, () => stage.wait(ms));
        }
        await (0, during_1.during)(stage, 'redis data deleted', decideAfterRedis, async () => {
            await stage.system.stack.redis.kill('SIGKILL');
            const folder = stage.system.stack.dataOf('redis');
            if ((0, node_fs_1.existsSync)(folder))
                (0, node_fs_1.rmSync)(folder, { recursive: true });
            await stage.system.stack.redis.start();
        });
    },
};
/**
 * What was charged and has no outcome is decided again, by another saga, and now most of it is refused: a charge that this
 * saga knows nothing of has to be given back.
 */
const limitFallsMeanwhile = {
    id: 'F12l',
    title: 'FLUSHALL while a saga sleeps between a charge and the log, for 13 s, and buyers may have one unit from then on; three times',
    bound: 'no charge stays with an order that is refused; decided within 13 s',
    failpoints: ['saga'],
    coolDownMs: 10_000,
    mayExitWith: [70, 72],
    act: async (stage) => {
        for (let round = 0; round < 3; round += 1) {
            await wipeWhileASagaSleeps(stage, 'after-charge@2', async () => {
                await stage.shop.limitAll(1);
                await stage.wait(13_000);
            });
            await stage.shop.limitAll(1_000);
        }
    },
};
const redisFull = {
    id: 'F13',
    title: 'Redis has no memory left (maxmemory below what it uses, noeviction) for 8 s',
    bound: 'orders are accepted meanwhile, nothing is evicted; decided within 8 s after',
    act: async (stage) => {
        const bounds = { ...decideAfterRedis, sinceFault: (0, during_1.goesOn)({ accepting: 3_000 }) };
        await (0, during_1.during)(stage, 'redis is full', bounds, async () => {
            await (0, exports.tellRedis)(stage, 'CONFIG', 'SET', 'maxmemory', '1mb');
            await stage.wait(8_000);
            await (0, exports.tellRedis)(stage, 'CONFIG', 'SET', 'maxmemory', '0');
        });
    },
};
const lostScriptReplies = {
    id: 'F14',
    title: 'the connection to Redis is reset after a script has run, before its reply',
    bound: 'one reservation an order',
    isSmoke: true,
    act: (stage) => {
        const link = stage.system.links.sagaRedis;
        return (0, breaking_1.inRounds)(stage, {
            count: 5,
            name: 'EVALSHA reply lost',
            lastMs: 2_000,
            hits: () => link.faults,
            begin: () => link.cutAtReply('evalsha', stage.random.integer(0, 10)),
            end: () => link.heal(),
        });
    },
};
exports.redisScenarios = [
    redisRestart,
    redisLosesItsTail,
    redisWiped,
    limitFallsMeanwhile,
    redisFull,
    lostScriptReplies,
];
//# sourceMappingURL=redis.js.map