"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readOrders = exports.percentileOf = void 0;
const raw_reader_1 = require("../../tests/support/raw-reader");
const percentileOf = (values, share) => {
    const sorted = Float64Array.from(values).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
exports.percentileOf = percentileOf;
/**
 * Keeps one question in flight on every connection until the time is over. Sockets are written and read by hand: an
 * HTTP client would cost as much as the server that is measured.
 */
const readOrders = async (options) => {
    const url = new URL(options.url);
    const latencies = [];
    let failed = 0;
    const startedAtMs = performance.now();
    const endsAtMs = startedAtMs + options.durationMs;
    const drive = async () => {
        let settle = () => undefined;
        const socket = await (0, raw_reader_1.openReader)(url, (answer) => settle(answer));
        while (performance.now() < endsAtMs) {
            const sentAtMs = performance.now();
            const answer = await new Promise((resolve, reject) => {
                settle = resolve;
                socket.once('close', () => reject(new Error('the server closed a connection')));
                socket.write((0, raw_reader_1.requestText)(url, options.nextPath()), 'latin1');
            });
            socket.removeAllListeners('close');
            latencies.push(performance.now() - sentAtMs);
            if (!answer.startsWith('HTTP/1.1 200'))
                failed += 1;
        }
        socket.destroy();
    };
    await Promise.all(Array.from({ length: options.connections }, drive));
    return {
        seconds: (performance.now() - startedAtMs) / 1000,
        answered: latencies.length,
        failed,
        p50Ms: (0, exports.percentileOf)(latencies, 0.5),
        p99Ms: (0, exports.percentileOf)(latencies, 0.99),
    };
};
exports.readOrders = readOrders;
//# sourceMappingURL=reads.js.map