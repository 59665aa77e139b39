"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.redisReady = exports.connectRedisOrCluster = exports.connectRedis = void 0;
const ioredis_1 = require("ioredis");
/**
 * Settings that keep an unknown outcome unknown instead of repeating it behind our back. Reproduced with ioredis 5.11:
 * with its default `autoResendUnfulfilledCommands` a script ran twice when the reply was lost (counter 3, wanted 2);
 * with it off but `maxRetriesPerRequest` unset the promise never settled; with the offline queue a timed-out command
 * ran seconds after its caller had given up.
 */
const safeOptions = {
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: false,
    /** Longer than the slowest batch seen (1,000 orders, 25 ms) by far; shorter than a buyer's patience. */
    commandTimeout: 1_000,
    connectTimeout: 2_000,
    keepAlive: 5_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 1_000),
};
const logTrouble = (redis, log) => {
    let lastError = '';
    redis.on('error', (error) => {
        if (error.message === lastError)
            return;
        lastError = error.message;
        log.warn('redis connection trouble', { event: 'redis_error', error });
    });
    redis.on('ready', () => {
        lastError = '';
    });
    return redis;
};
/** Connects in the background and reconnects for ever; commands fail at once while there is no connection. */
const connectRedis = (url, log, { ca, ...more } = {}) => {
    const tls = ca !== undefined && url.startsWith('rediss:') ? { tls: { ca } } : {};
    return logTrouble(new ioredis_1.Redis(url, { ...safeOptions, ...tls, ...more }), log);
};
exports.connectRedis = connectRedis;
/**
 * Follows the cluster's redirections. A command whose connection broke is not sent again: ioredis would, after
 * `retryDelayOnFailover`, and it may have run.
 * @param nodes some nodes of the cluster; the user, password and TLS of the first hold for all
 */
const connectCluster = (nodes, log, ca) => {
    const { protocol, username, password } = new URL(nodes[0] ?? '');
    const redisOptions = { ...safeOptions };
    if (username)
        redisOptions.username = decodeURIComponent(username);
    if (password)
        redisOptions.password = decodeURIComponent(password);
    if (protocol === 'rediss:')
        redisOptions.tls = ca === undefined ? {} : { ca };
    const cluster = new ioredis_1.Cluster([...nodes], {
        redisOptions,
        enableOfflineQueue: false,
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        clusterRetryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 1_000),
    });
    return logTrouble(cluster, log);
};
/**
 * As `connectRedis`, for callers that need not know which process answers: several nodes separated by commas are of one
 * Redis Cluster.
 */
const connectRedisOrCluster = (urls, log, ca) => {
    const nodes = urls.split(',');
    return nodes.length > 1 ? connectCluster(nodes, log, ca) : (0, exports.connectRedis)(urls, log, { ca });
};
exports.connectRedisOrCluster = connectRedisOrCluster;
/** Resolves once commands can be sent; rejects after `timeoutMs`. */
const redisReady = (redis, timeoutMs) => new Promise((resolve, reject) => {
    if (redis.status === 'ready') {
        resolve();
        return;
    }
    const onReady = () => {
        clearTimeout(timer);
        resolve();
    };
    const timer = setTimeout(() => {
        redis.removeListener('ready', onReady);
        reject(new Error(`Redis was not reached within ${timeoutMs} ms`));
    }, timeoutMs);
    redis.once('ready', onReady);
});
exports.redisReady = redisReady;
//# sourceMappingURL=redis.js.map