"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startRedis = void 0;
const node_fs_1 = require("node:fs");
const exchange_1 = require("./exchange");
const ports_1 = require("./ports");
const server_files_1 = require("./server-files");
const server_options_1 = require("./server-options");
const server_process_1 = require("./server-process");
const probeTimeoutMs = 1000;
const answersPing = async (port) => {
    const answer = await (0, exchange_1.exchange)(port, Buffer.from('PING\r\n'), probeTimeoutMs);
    if (!answer.toString().startsWith('+PONG'))
        throw new Error(`redis says ${answer.toString().trim()}`);
};
/**
 * Redis as production runs it: every write in the append-only file, at most one second behind (`everysec`), and
 * never evicting, because a key that vanishes is a decision that is forgotten. No snapshots: the file is the data. It
 * is written anew from 512 MB on: at 10,000 orders/s the default of 64 MB is full every 6 s, and each time a second
 * process compresses all that Redis holds, which was a fifth of Redis's CPU time.
 */
const startRedis = async (options) => {
    const files = options.files ?? (await (0, server_files_1.fetchServers)());
    const port = await (0, ports_1.claimPort)(options.port, 'REDIS_PORT');
    (0, node_fs_1.mkdirSync)(options.dataDir, { recursive: true });
    const settings = [
        ['--port', String(port)],
        ['--bind', ports_1.loopback],
        ['--dir', options.dataDir],
        ['--appendonly', 'yes'],
        ['--appendfsync', 'everysec'],
        ['--auto-aof-rewrite-min-size', '512mb'],
        ['--save', ''],
        ['--maxmemory-policy', 'noeviction'],
        ['--daemonize', 'no'],
    ].flat();
    return (0, server_process_1.startServer)({
        name: 'redis',
        command: files.redis,
        args: [...settings, ...(options.extraArgs ?? [])],
        cwd: options.dataDir,
        logFile: options.logFile,
        stopSignal: 'SIGTERM',
        sharesSession: options.sharesSession ?? false,
    }, {
        url: `redis://${ports_1.loopback}:${port}`,
        port,
        timeoutMs: options.timeoutMs ?? server_options_1.startTimeoutMs,
        probe: () => answersPing(port),
    });
};
exports.startRedis = startRedis;
//# sourceMappingURL=redis.js.map