"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ConsoleHub = void 0;
const deadline_1 = require("../chassis/deadline");
const event_stream_1 = require("./event-stream");
const everyMs = 1_000;
/** A watcher that reads nothing is cut off with this much unread: about ten snapshots of a full house. */
const unreadBytesMax = 512 * 1024;
const reconnectMs = 1_000;
/**
 * One snapshot a second for all who watch, however many, and none while nobody does. While the views do not answer,
 * watchers hear since when: a source that is down is "unknown", never zero.
 */
class ConsoleHub {
    #options;
    #watchers = new Set();
    #stopped = new AbortController();
    #working;
    #knownAt = new Date();
    #number = 0;
    constructor(options) {
        this.#options = options;
    }
    get watchers() {
        return this.#watchers.size;
    }
    /** Sends snapshots until the client is gone or the hub closes. @returns false when the house is full. */
    watch(response) {
        if (this.#watchers.size >= this.#options.watchersMax || this.#stopped.signal.aborted)
            return false;
        response.writeHead(200, event_stream_1.eventStreamHeaders);
        response.write(`retry: ${reconnectMs}\n\n`);
        this.#watchers.add(response);
        response.on('close', () => this.#watchers.delete(response));
        this.#working ??= this.#work();
        return true;
    }
    /** Ends every stream; watchers come back by themselves when there is a server again. */
    async close() {
        this.#stopped.abort();
        for (const watcher of this.#watchers)
            watcher.end();
        await this.#working;
    }
    async #work() {
        while (this.#watchers.size > 0 && !this.#stopped.signal.aborted) {
            this.#send(await this.#next());
            await (0, deadline_1.pause)(everyMs, this.#stopped.signal);
        }
        this.#working = undefined;
    }
    async #next() {
        try {
            const snapshot = await this.#options.take();
            this.#knownAt = new Date();
            this.#number += 1;
            return `id: ${this.#number}\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`;
        }
        catch {
            return `event: unknown\ndata: ${JSON.stringify({ since: this.#knownAt.toISOString() })}\n\n`;
        }
    }
    #send(text) {
        for (const watcher of this.#watchers) {
            if (watcher.writableLength > unreadBytesMax)
                watcher.destroy();
            else
                watcher.write(text);
        }
    }
}
exports.ConsoleHub = ConsoleHub;
//# sourceMappingURL=console-hub.js.map