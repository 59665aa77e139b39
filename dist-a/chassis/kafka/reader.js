"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createLogReader = void 0;
const deadline_1 = require("../deadline");
const fetch_records_1 = require("./fetch-records");
const log_1 = require("./log");
const ranges_1 = require("./ranges");
const cluster_1 = require("./wire/cluster");
const stallDefaultMs = 15_000;
const retryMs = 200;
const limits = { waitMs: 500, bytesMax: 8 * 1024 * 1024, partitionBytesMax: 2 * 1024 * 1024 };
const openCursors = async (cluster, options) => {
    const ranges = await (0, ranges_1.readRanges)(cluster, options.topic);
    return ranges.map(({ partition, low, high }) => {
        const next = options.from?.get(partition) ?? low;
        const end = options.to?.get(partition) ?? high;
        if (next < low && next < end) {
            throw new fetch_records_1.LogGapError(`${options.topic}:${partition} begins at offset ${low}, not at ${next}`);
        }
        return { partition, next, end };
    });
};
/**
 * One fetch to each leader that still has something to read. A partition without a leader waits for its turn, and when
 * none has one that is a failure: without a fetch there is nothing to wait for, and the next round would come at once.
 */
const fetchRound = async (cluster, { topic, withHeaders }, cursors) => {
    const leaders = await cluster.leaders(topic);
    const places = new Map();
    for (const { partition, next } of cursors) {
        const leader = leaders[partition];
        if (leader === undefined)
            continue;
        const place = { topic, partition, fromOffset: next };
        places.set(leader, [...(places.get(leader) ?? []), place]);
    }
    if (places.size === 0)
        throw new log_1.InfrastructureError(`no partition of ${topic} has a leader`);
    const rounds = [...places].map(([leader, of]) => (0, fetch_records_1.fetchRecords)(cluster, leader, of, { ...limits, withHeaders }));
    return (await Promise.all(rounds)).flat();
};
/** The records before the cursor's end, which moves behind them. */
const advance = (cursor, records) => {
    const wanted = records.length > cursor.end - cursor.next ? records.slice(0, cursor.end - cursor.next) : records;
    cursor.next += wanted.length;
    return wanted;
};
class BoundedRead {
    #cluster;
    #options;
    #progressAtMs = performance.now();
    constructor(cluster, options) {
        this.#cluster = cluster;
        this.#options = options;
    }
    async run() {
        const cursors = await this.#patiently(() => openCursors(this.#cluster, this.#options));
        const open = () => cursors.filter((cursor) => cursor.next < cursor.end);
        let round = this.#fetch(open());
        while (open().length > 0) {
            const pieces = this.#take(await round, cursors);
            round = this.#fetch(open());
            for (const records of pieces)
                await this.#options.onRecords(records);
            this.#options.signal?.throwIfAborted();
        }
        return new Map(cursors.map(({ partition, next, end }) => [partition, Math.max(next, end)]));
    }
    /** The next round is on its way while the handler works; a failure shows when it is awaited. */
    #fetch(cursors) {
        if (cursors.length === 0)
            return Promise.resolve([]);
        const round = this.#patiently(() => fetchRound(this.#cluster, this.#options, cursors));
        round.catch(() => undefined);
        return round;
    }
    #take(round, cursors) {
        const pieces = [];
        let trouble;
        for (const fetched of round) {
            const cursor = cursors[fetched.place.partition];
            if (fetched.kind === 'out-of-range')
                throw new fetch_records_1.LogGapError(fetched.error.message);
            if (fetched.kind === 'unavailable')
                trouble = fetched.error;
            else if (cursor && fetched.records.length > 0)
                pieces.push(advance(cursor, fetched.records));
        }
        if (trouble)
            this.#cluster.forget(this.#options.topic);
        if (pieces.length > 0)
            this.#progressAtMs = performance.now();
        else
            this.#checkStall(trouble);
        return pieces;
    }
    async #patiently(work) {
        for (;;) {
            try {
                return await work();
            }
            catch (error) {
                this.#options.signal?.throwIfAborted();
                if (!(error instanceof log_1.InfrastructureError))
                    throw error;
                this.#cluster.forget(this.#options.topic);
                this.#checkStall(error);
                await (0, deadline_1.pause)(retryMs, this.#options.signal);
            }
        }
    }
    #checkStall(cause) {
        const stallMs = this.#options.stallMs ?? stallDefaultMs;
        if (performance.now() - this.#progressAtMs < stallMs)
            return;
        throw new log_1.InfrastructureError(`reading ${this.#options.topic} made no progress for ${stallMs} ms`, {
            cause,
        });
    }
}
/**
 * Reads with plain fetches, so no consumer group is joined, left behind or disturbed, and no join is waited for. Each
 * read opens its own connections and closes them. Records lost to retention throw LogGapError.
 */
const createLogReader = (connection) => ({
    read: async (options) => {
        options.signal?.throwIfAborted();
        const cluster = new cluster_1.Cluster(connection);
        const cut = () => cluster.close();
        options.signal?.addEventListener('abort', cut, { once: true });
        try {
            return await new BoundedRead(cluster, options).run();
        }
        finally {
            options.signal?.removeEventListener('abort', cut);
            cluster.close();
        }
    },
});
exports.createLogReader = createLogReader;
//# sourceMappingURL=reader.js.map