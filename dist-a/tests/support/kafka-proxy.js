"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.onNth = exports.startKafkaProxy = exports.kafkaApi = void 0;
const node_net_1 = __importDefault(require("node:net"));
const promises_1 = require("node:timers/promises");
/** API keys that tests aim at. */
exports.kafkaApi = {
    produce: 0,
    fetch: 1,
    metadata: 3,
    offsetCommit: 8,
    findCoordinator: 10,
    joinGroup: 11,
    heartbeat: 12,
};
/** Whole messages out of a stream of chunks: each begins with its length in four bytes. */
const framesOf = (onFrame) => {
    let rest = Buffer.alloc(0);
    return (chunk) => {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
            const end = 4 + rest.readInt32BE(0);
            onFrame(rest.subarray(0, end));
            rest = rest.subarray(end);
        }
    };
};
/**
 * Brokers tell clients where to connect; in those answers the broker's port is replaced by the proxy's, wherever it
 * follows the broker's host name. No listener of its own is needed.
 */
const redirect = (answer, host, from, to) => {
    const name = Buffer.from(host);
    for (let at = answer.indexOf(name); at >= 0; at = answer.indexOf(name, at + 1)) {
        const portAt = at + name.length;
        if (portAt + 4 <= answer.length && answer.readInt32BE(portAt) === from)
            answer.writeInt32BE(to, portAt);
    }
};
class Pair {
    #client;
    #broker;
    #answers = new Map();
    constructor(client, broker, proxy) {
        this.#client = client;
        this.#broker = broker;
        client.on('data', framesOf((bytes) => this.#request(bytes, proxy.decide)));
        broker.on('data', framesOf((bytes) => void this.#answer(bytes, proxy.redirect)));
        for (const socket of [client, broker]) {
            socket.on('error', () => this.cut());
            socket.on('close', () => this.cut());
        }
    }
    pause() {
        this.#client.pause();
        this.#broker.pause();
    }
    resume() {
        this.#client.resume();
        this.#broker.resume();
    }
    cut() {
        this.#client.resetAndDestroy();
        this.#broker.destroy();
    }
    #request(bytes, decide) {
        const frame = { bytes, apiKey: bytes.readInt16BE(4), correlationId: bytes.readInt32BE(8) };
        const fault = decide(frame.apiKey);
        if (fault === 'drop request')
            return;
        this.#answers.set(frame.correlationId, { apiKey: frame.apiKey, fault });
        this.#broker.write(bytes);
    }
    async #answer(bytes, redirectPorts) {
        const correlationId = bytes.readInt32BE(4);
        const asked = this.#answers.get(correlationId);
        this.#answers.delete(correlationId);
        if (asked?.fault === 'swallow response')
            return;
        if (asked?.fault === 'cut') {
            this.cut();
            return;
        }
        if (asked?.apiKey === exports.kafkaApi.metadata || asked?.apiKey === exports.kafkaApi.findCoordinator)
            redirectPorts(bytes);
        if (typeof asked?.fault === 'object')
            await (0, promises_1.setTimeout)(asked.fault.delayMs);
        if (!this.#client.destroyed)
            this.#client.write(bytes);
    }
}
class Proxy {
    #host;
    #port;
    #server = node_net_1.default.createServer({ pauseOnConnect: true }, (client) => this.#accept(client));
    #pairs = new Set();
    #fault = () => undefined;
    #seen = new Map();
    #isFrozen = false;
    faults = 0;
    constructor(target) {
        const colon = target.lastIndexOf(':');
        this.#host = target.slice(0, colon);
        this.#port = Number(target.slice(colon + 1));
    }
    get address() {
        return `${this.#host}:${this.#ownPort()}`;
    }
    async listen(port) {
        await new Promise((resolve, reject) => {
            this.#server.once('error', reject);
            this.#server.listen(port, this.#host, resolve);
        });
    }
    failWith(fault) {
        this.#fault = fault;
        this.#seen.clear();
    }
    freeze() {
        this.#isFrozen = true;
        for (const pair of this.#pairs)
            pair.pause();
    }
    thaw() {
        this.#isFrozen = false;
        for (const pair of this.#pairs)
            pair.resume();
    }
    cut() {
        for (const pair of this.#pairs)
            pair.cut();
        this.#pairs.clear();
    }
    async stop() {
        const closed = new Promise((resolve) => this.#server.close(() => resolve()));
        this.cut();
        await closed;
    }
    #ownPort() {
        const address = this.#server.address();
        return typeof address === 'object' && address ? address.port : 0;
    }
    #accept(client) {
        const pair = new Pair(client, node_net_1.default.connect(this.#port, this.#host), {
            decide: (apiKey) => this.#decide(apiKey),
            redirect: (answer) => redirect(answer, this.#host, this.#port, this.#ownPort()),
        });
        this.#pairs.add(pair);
        client.once('close', () => this.#pairs.delete(pair));
        if (this.#isFrozen)
            pair.pause();
        else
            pair.resume();
    }
    #decide(apiKey) {
        const before = this.#seen.get(apiKey) ?? 0;
        this.#seen.set(apiKey, before + 1);
        const fault = this.#fault({ apiKey, before });
        if (fault !== undefined)
            this.faults += 1;
        return fault;
    }
}
/** A proxy in front of the broker at `target` (`host:port`), listening on the same host; port 0 takes a free one. */
const startKafkaProxy = async (target, port = 0) => {
    const proxy = new Proxy(target);
    await proxy.listen(port);
    return proxy;
};
exports.startKafkaProxy = startKafkaProxy;
/** A fault for the n-th request (the first is 0) with this API key, and none for all others. */
const onNth = (apiKey, n, fault) => (request) => request.apiKey === apiKey && request.before === n ? fault : undefined;
exports.onNth = onNth;
//# sourceMappingURL=kafka-proxy.js.map