"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ViewFeed = void 0;
const node_net_1 = require("node:net");
const pg_1 = require("pg");
const deadline_1 = require("../chassis/deadline");
const announcement_1 = require("../migrations/views/announcement");
/** A view that moved without our hearing of it is noticed this soon; while we listen, that does not happen. */
const pollListeningMs = 1_000;
/** While nobody tells us, a waiter's answer is this late at most. */
const pollDeafMs = 100;
const reconnectBaseMs = 100;
const reconnectMaxMs = 2_000;
const connectTimeoutMs = 2_000;
/** A move that nobody announced for this long: the connection is dead, and its own keep-alive notices later. */
const unannouncedMaxMs = 2_000;
/** Linux waits two hours before it asks a silent peer, unless told otherwise. */
const keepAliveAfterMs = 10_000;
const orders = 'orders';
const nameOf = ({ topic, partition }) => `${topic}:${partition}`;
/**
 * Follows the orders view: PostgreSQL's NOTIFY while it can be had, the offsets table when it cannot. PostgreSQL is
 * asked again for ever; nothing here rejects.
 */
class ViewFeed {
    #options;
    #stopped = new AbortController();
    /** Of the connection that listens. Asking a dead peer to close it would wait for its answer for ever. */
    #socket;
    /** Moves that a poll saw and no announcement told of, while we listen. */
    #unannounced = new Map();
    #work;
    #isListening = false;
    constructor(options) {
        this.#options = options;
    }
    get isListening() {
        return this.#isListening;
    }
    /** Resolves when the view's offsets were read once, or could not be read. */
    async start() {
        this.#work = Promise.all([this.#listenForEver(), this.#pollForEver()]);
        await this.#poll();
    }
    async stop() {
        this.#stopped.abort();
        this.#socket?.destroy();
        await this.#work;
    }
    #isStopped() {
        return this.#stopped.signal.aborted;
    }
    async #listenForEver() {
        const { log } = this.#options;
        for (let failures = 0; !this.#isStopped(); failures += 1) {
            try {
                await this.#listenOnce(() => {
                    failures = 0;
                });
            }
            catch (error) {
                if (failures === 0 && !this.#isStopped()) {
                    log.warn('cannot listen to the projector; polling instead', { event: 'view_feed_lost', error });
                }
            }
            await (0, deadline_1.pause)(50 + (0, deadline_1.backoffMs)(failures, reconnectBaseMs, reconnectMaxMs), this.#stopped.signal);
        }
    }
    /** Returns or throws when the connection ends. */
    async #listenOnce(onListening) {
        const socket = new node_net_1.Socket();
        const client = new pg_1.Client({
            connectionString: this.#options.databaseUrl,
            application_name: 'query-api feed',
            connectionTimeoutMillis: connectTimeoutMs,
            stream: () => socket,
            keepAlive: true,
            keepAliveInitialDelayMillis: keepAliveAfterMs,
        });
        const ended = new Promise((resolve) => {
            client.on('end', resolve);
            client.on('error', () => resolve());
        });
        client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
        this.#socket = socket;
        try {
            await client.connect();
            await client.query(`listen ${announcement_1.announcementChannel}`);
            // What was committed before we listened is seen here, so that no later poll takes it for unannounced.
            await this.#poll();
            onListening();
            this.#isListening = true;
            this.#options.onMissed();
            await ended;
        }
        finally {
            this.#isListening = false;
            this.#unannounced.clear();
            socket.destroy();
        }
    }
    #hear(payload) {
        const announcement = (0, announcement_1.decodeAnnouncement)(payload);
        if (announcement?.view !== orders)
            return;
        for (const [topic, partition, next] of announcement.moves) {
            const name = nameOf({ topic, partition });
            if (next >= (this.#unannounced.get(name)?.next ?? Infinity))
                this.#unannounced.delete(name);
            this.#options.progress.set(topic, partition, next);
        }
        if (announcement.decided.length > 0)
            this.#options.onDecided(announcement.decided);
    }
    async #pollForEver() {
        const { signal } = this.#stopped;
        while (!this.#isStopped()) {
            await (0, deadline_1.pause)(this.#isListening ? pollListeningMs : pollDeafMs, signal);
            if (this.#isStopped())
                return;
            const moved = await this.#poll();
            if (!this.#isListening) {
                if (moved.length > 0)
                    this.#options.onMissed();
            }
            else if (this.#isDeaf(moved)) {
                this.#socket?.destroy();
                this.#options.onMissed();
            }
        }
    }
    /** Whether a move has not been announced for so long that the connection cannot be alive. */
    #isDeaf(moved) {
        const nowMs = performance.now();
        for (const place of moved) {
            const sinceMs = this.#unannounced.get(nameOf(place))?.sinceMs ?? nowMs;
            this.#unannounced.set(nameOf(place), { next: place.next, sinceMs });
        }
        return [...this.#unannounced.values()].some(({ sinceMs }) => nowMs - sinceMs >= unannouncedMaxMs);
    }
    /** Reads the offsets; returns those that were news. */
    async #poll() {
        const { pool, progress } = this.#options;
        const before = progress.all();
        try {
            const { rows } = await pool.query({
                name: 'order-offsets',
                text: 'select topic, partition, next from views.order_offsets',
            });
            // What was announced since we asked is newer than the answer.
            const news = rows.filter(({ topic, partition, next }) => {
                const known = progress.next(topic, partition);
                return next > known || (next < known && known === (before.get(nameOf({ topic, partition })) ?? 0));
            });
            for (const { topic, partition, next } of news)
                progress.set(topic, partition, next);
            return news;
        }
        catch {
            return [];
        }
    }
}
exports.ViewFeed = ViewFeed;
//# sourceMappingURL=view-feed.js.map