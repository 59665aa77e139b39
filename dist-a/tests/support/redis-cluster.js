"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startRedisCluster = void 0;
const ioredis_1 = require("ioredis");
const ports_1 = require("../../stack/ports");
const redis_1 = require("../../stack/redis");
const eventually_1 = require("./eventually");
const slots = 16_384;
const ask = async (port, name, ...args) => {
    const redis = new ioredis_1.Redis({ port, lazyConnect: true, maxRetriesPerRequest: 1 });
    await redis.connect();
    try {
        return await redis.call(name, [...args]);
    }
    finally {
        redis.disconnect();
    }
};
/**
 * Nodes talk to each other on the port 10,000 above their own. Of a free port of stack/ports.ts that one may be in use
 * by an outgoing connection; these two are below all that is handed out.
 */
const busPortOf = (port) => port + 10_000;
const lowestPort = 7_000;
const highestPort = 9_900;
const attemptsMax = 100;
const freeNodePort = async () => {
    for (let attempt = 1;; attempt += 1) {
        const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
        try {
            await (0, ports_1.claimPort)(busPortOf(port), 'the bus port');
            return await (0, ports_1.claimPort)(port, 'the port');
        }
        catch (error) {
            if (attempt === attemptsMax)
                throw error;
        }
    }
};
/** Three masters with a third of the slots each, which know each other. ADDSLOTSRANGE would need Redis 7. */
const startRedisCluster = async (own) => {
    const extraArgs = ['--cluster-enabled', 'yes'];
    const start = (node, port) => own.keep((0, redis_1.startRedis)({ ...own.place(`redis-${node}`, port), extraArgs }));
    const masters = await Promise.all([0, 1, 2].map(async (node) => start(node, await freeNodePort())));
    const third = Math.ceil(slots / masters.length);
    for (const [index, { port }] of masters.entries()) {
        const from = index * third;
        const count = Math.min(third, slots - from);
        await ask(port, 'CLUSTER', 'ADDSLOTS', ...Array.from({ length: count }, (_, at) => from + at));
        for (const other of masters.slice(0, index))
            await ask(other.port, 'CLUSTER', 'MEET', '127.0.0.1', port);
    }
    await (0, eventually_1.eventually)(async () => {
        for (const { port } of masters) {
            const info = String(await ask(port, 'CLUSTER', 'INFO'));
            expect(info).toContain('cluster_state:ok');
            expect(info).toContain(`cluster_known_nodes:${masters.length}`);
        }
    }, { withinMs: 30_000 });
    return {
        urls: masters.map(({ url }) => url).join(','),
        kill: async (node) => masters[node]?.kill('SIGKILL'),
        restart: async (node) => {
            masters[node] = await start(node, masters[node]?.port ?? 0);
        },
    };
};
exports.startRedisCluster = startRedisCluster;
//# sourceMappingURL=redis-cluster.js.map