"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.BrokerLink = void 0;
const node_net_1 = __importDefault(require("node:net"));
const node_tls_1 = __importDefault(require("node:tls"));
const broker_1 = __importDefault(require("kafkajs/src/broker"));
const connectionPool_1 = __importDefault(require("kafkajs/src/network/connectionPool"));
const requests_1 = require("kafkajs/src/protocol/requests");
const apiKeys_1 = __importDefault(require("kafkajs/src/protocol/requests/apiKeys"));
const connection_1 = require("../connection");
const idle_timer_patch_1 = require("../idle-timer-patch");
const log_1 = require("../log");
/** Time for a broker's answer to arrive after the time that the request itself allows it. */
const answerMarginMs = 2_000;
const keepAliveMs = 10_000;
const splitAddress = (address) => {
    const colon = address.lastIndexOf(':');
    return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
};
/**
 * The sockets to one broker, through kafkajs' network layer: one for fetches, one for everything else. A link lives
 * exactly as long as all its sockets: when one closes or one answer is late, all are destroyed at once and the next
 * call opens a new link. kafkajs would go on using a half-open socket, and would mix the bytes of the old socket into
 * the new one when the old one wakes up again.
 */
class BrokerLink {
    address;
    #sockets = new Set();
    #pool;
    #broker;
    #ssl;
    #endedBy;
    constructor(connection, address) {
        (0, idle_timer_patch_1.applyIdleTimerPatch)();
        this.address = address;
        this.#ssl = connection.ssl;
        const logger = (0, connection_1.kafkajsLogger)(connection.logger, () => this.alive);
        this.#pool = new connectionPool_1.default({
            ...splitAddress(address),
            clientId: connection.clientId,
            connectionTimeout: connection.connectTimeoutMs,
            requestTimeout: connection.requestTimeoutMs,
            enforceRequestTimeout: true,
            ssl: connection.ssl,
            sasl: connection.sasl,
            socketFactory: (target) => this.#openSocket(target),
            logger,
        });
        this.#broker = new broker_1.default({
            connectionPool: this.#pool,
            logger,
            authenticationTimeout: connection.connectTimeoutMs,
            allowAutoTopicCreation: false,
        });
    }
    /** Connects, asks for the API versions and authenticates; each step has its own time-out. */
    static async open(connection, address) {
        const link = new BrokerLink(connection, address);
        await link.#guard(`connect to ${address}`, link.#broker.connect());
        return link;
    }
    get alive() {
        return this.#endedBy === undefined;
    }
    /** One request that kafkajs encodes. Throws InfrastructureError; errors of the API are in the answer. */
    async ask(name, args, answerWithinMs) {
        const definition = requests_1.requests[name];
        const apiKey = apiKeys_1.default[name];
        if (definition === undefined || apiKey === undefined)
            throw new Error(`kafkajs has no ${name} request`);
        const protocol = this.#broker.lookupRequest(apiKey, definition)(args);
        const answer = this.send({
            request: protocol.request,
            response: { decode: protocol.response.decode, parse: async (decoded) => decoded },
            requestTimeout: answerWithinMs === undefined ? protocol.requestTimeout : answerWithinMs + answerMarginMs,
            logResponseError: false,
        });
        return (await answer);
    }
    /** One request with an encoding of our own. */
    async send(protocol) {
        const { apiKey, apiName, apiVersion } = protocol.request;
        const range = this.#broker.versions[apiKey];
        if (range === undefined || apiVersion < range.minVersion || apiVersion > range.maxVersion) {
            throw new Error(`the broker ${this.address} does not speak ${apiName} version ${apiVersion}`);
        }
        return this.#guard(`${apiName} at ${this.address}`, this.#pool.send(protocol));
    }
    /** Cuts all sockets at once; calls in flight reject. Safe to call again. */
    destroy(reason) {
        if (this.#endedBy)
            return;
        this.#endedBy = reason;
        for (const socket of this.#sockets)
            socket.destroy(reason);
        this.#sockets.clear();
    }
    async #guard(what, work) {
        try {
            return await work;
        }
        catch (error) {
            const cause = error instanceof Error ? error : new Error(String(error));
            this.destroy(cause);
            throw new log_1.InfrastructureError(`${what}: ${cause.message}`, { cause });
        }
    }
    #openSocket({ host, port, onConnect }) {
        if (this.#endedBy)
            throw this.#endedBy;
        const servername = node_net_1.default.isIP(host) === 0 ? { servername: host } : {};
        const socket = this.#ssl === undefined
            ? node_net_1.default.connect({ host, port }, onConnect)
            : node_tls_1.default.connect({ host, port, ...servername, ...this.#ssl }, onConnect);
        socket.setKeepAlive(true, keepAliveMs);
        socket.setNoDelay(true);
        this.#sockets.add(socket);
        socket.once('close', () => this.destroy(new Error(`connection to ${this.address} closed`)));
        return socket;
    }
}
exports.BrokerLink = BrokerLink;
//# sourceMappingURL=broker-link.js.map