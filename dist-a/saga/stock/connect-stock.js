"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createStockConnector = void 0;
const log_1 = require("../../chassis/kafka/log");
const redis_1 = require("../../chassis/redis");
const keys_1 = require("./keys");
const redis_stock_1 = require("./redis-stock");
const scripts_1 = require("./scripts");
const connectTimeoutMs = 3_000;
/** One connection that is never made again: a new one may reach another process, and the gate must look first. */
const connectOnce = async (url, log, ca) => {
    const redis = (0, redis_1.connectRedis)(url, log, { ca, retryStrategy: () => null });
    try {
        await Promise.race([(0, redis_1.redisReady)(redis, connectTimeoutMs), failed(redis)]);
        return redis;
    }
    catch (cause) {
        redis.disconnect();
        throw new log_1.InfrastructureError(`Redis: ${cause instanceof Error ? cause.message : String(cause)}`, {
            cause,
        });
    }
};
const failed = (redis) => new Promise((_, reject) => {
    redis.once('end', () => reject(new Error('the connection was refused or lost')));
});
/** The address of the master that owns the sale's slot, or undefined when this server is no part of a cluster. */
const slotOwner = async (redis, saleId) => {
    if (!/^cluster_enabled:1/m.test(await redis.info('cluster')))
        return undefined;
    const slot = await redis.cluster('KEYSLOT', (0, keys_1.keysOf)(saleId).current);
    const ranges = (await redis.cluster('SLOTS'));
    const owner = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2];
    if (!owner)
        throw new log_1.InfrastructureError(`Redis Cluster: nobody owns slot ${slot} of sale ${saleId}`);
    return { host: owner[0], port: owner[1] };
};
const withAddress = (url, { host, port }) => {
    const address = new URL(url);
    address.hostname = host.includes(':') ? `[${host}]` : host;
    address.port = String(port);
    return address.toString();
};
const connectToOwner = async (url, saleId, log, ca) => {
    const redis = await connectOnce(url, log, ca);
    try {
        const owner = await slotOwner(redis, saleId);
        if (!owner)
            return redis;
        redis.disconnect();
        return await connectOnce(withAddress(url, owner), log, ca);
    }
    catch (error) {
        redis.disconnect();
        throw error;
    }
};
/**
 * Connects to the one server that holds the sale: the server of `redisUrl`, or, when that is a node of a Redis Cluster
 * (several nodes separated by commas), the master that owns the sale's slot. Without a redirecting client in between,
 * the run id that the gate compares is that of the process that runs the scripts.
 */
const createStockConnector = (redisUrl, saleId, log, { recordsDetail = false, ca } = {}) => {
    const scripts = (0, scripts_1.readScripts)();
    const urls = redisUrl.split(',');
    let attempt = 0;
    return {
        connect: async () => {
            const url = urls[attempt % urls.length] ?? redisUrl;
            try {
                const redis = await connectToOwner(url, saleId, log, ca);
                return (0, redis_stock_1.createRedisStock)(redis, { saleId, scripts, recordsDetail });
            }
            catch (error) {
                attempt += 1;
                throw error instanceof log_1.InfrastructureError
                    ? error
                    : new log_1.InfrastructureError(`Redis: ${String(error)}`, { cause: error });
            }
        },
    };
};
exports.createStockConnector = createStockConnector;
//# sourceMappingURL=connect-stock.js.map