"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startInCluster = exports.startAlone = exports.tellRedis = void 0;
const ioredis_1 = require("ioredis");
const redis_1 = require("../../stack/redis");
const redis_cluster_1 = require("../support/redis-cluster");
/** One word to one server. */
const tellRedis = async (port, ...words) => {
    const redis = new ioredis_1.Redis({ port, lazyConnect: true, maxRetriesPerRequest: 0 });
    await redis.connect();
    try {
        return await redis.call(...words);
    }
    finally {
        redis.disconnect();
    }
};
exports.tellRedis = tellRedis;
const startAlone = async (own) => {
    let redis = await own.keep((0, redis_1.startRedis)(own.place('redis')));
    const { url, port } = redis;
    return {
        url,
        port,
        folder: own.place('redis').dataDir,
        kill: () => redis.kill('SIGKILL'),
        start: async () => {
            redis = await own.keep((0, redis_1.startRedis)(own.place('redis', port)));
        },
    };
};
exports.startAlone = startAlone;
const startInCluster = async (own, saleId) => {
    const cluster = await (0, redis_cluster_1.startRedisCluster)(own);
    const ports = cluster.urls.split(',').map((url) => Number(new URL(url).port));
    const slot = Number(await (0, exports.tellRedis)(ports[0] ?? 0, 'CLUSTER', 'KEYSLOT', `{${saleId}}`));
    const ranges = (await (0, exports.tellRedis)(ports[0] ?? 0, 'CLUSTER', 'SLOTS'));
    const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1] ?? 0;
    const node = ports.indexOf(port);
    return {
        url: cluster.urls,
        port,
        folder: own.place(`redis-${node}`).dataDir,
        kill: () => cluster.kill(node),
        start: () => cluster.restart(node),
    };
};
exports.startInCluster = startInCluster;
//# sourceMappingURL=sale-redis.js.map