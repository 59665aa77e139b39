"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.startTcpProxy = exports.healthyLink = void 0;
const node_net_1 = __importDefault(require("node:net"));
exports.healthyLink = {
    delayMs: 0,
    sliceBytes: 0,
    bytesPerSecond: 0,
    resetChance: 0,
    isSilent: false,
};
/** Half of a connection: takes chunks in, gives them out later, in their order. */
class Lane {
    #to;
    #behaviour;
    #queue = [];
    #isBusy = false;
    #isOver = false;
    constructor(to, behaviour) {
        this.#to = to;
        this.#behaviour = behaviour;
    }
    push(chunk) {
        const { delayMs, sliceBytes, bytesPerSecond, isSilent } = this.#behaviour();
        const isPlain = delayMs === 0 && sliceBytes === 0 && bytesPerSecond === 0 && !isSilent;
        if (isPlain && !this.#isBusy) {
            if (!this.#to.destroyed)
                this.#to.write(chunk);
            return;
        }
        this.#queue.push(chunk);
        if (!this.#isBusy)
            void this.#drain();
    }
    /** After silence. */
    wake() {
        if (!this.#isBusy && this.#queue.length > 0)
            void this.#drain();
    }
    end() {
        this.#isOver = true;
    }
    async #drain() {
        this.#isBusy = true;
        for (;;) {
            const chunk = this.#queue[0];
            if (!chunk || this.#isOver || this.#behaviour().isSilent)
                break;
            this.#queue.shift();
            const { delayMs, sliceBytes, bytesPerSecond } = this.#behaviour();
            if (delayMs > 0)
                await later(delayMs);
            const size = sliceBytes > 0 ? sliceBytes : chunk.length;
            for (let at = 0; at < chunk.length; at += size) {
                const piece = chunk.subarray(at, at + size);
                if (this.#to.destroyed)
                    break;
                this.#to.write(piece);
                if (sliceBytes > 0)
                    await new Promise((resolve) => setImmediate(resolve));
            }
            if (bytesPerSecond > 0)
                await later((chunk.length / bytesPerSecond) * 1000);
        }
        this.#isBusy = false;
    }
}
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
class Proxy {
    #target;
    #random;
    #server = node_net_1.default.createServer((client) => this.#accept(client));
    #cuts = new Set();
    #lanes = new Set();
    #behaviour = exports.healthyLink;
    #trap;
    faults = 0;
    constructor(target, random) {
        this.#target = target;
        this.#random = random;
    }
    get port() {
        const address = this.#server.address();
        return typeof address === 'object' && address ? address.port : 0;
    }
    async listen() {
        await new Promise((resolve, reject) => {
            this.#server.once('error', reject);
            this.#server.listen(0, '127.0.0.1', resolve);
        });
    }
    behave(behaviour) {
        this.#behaviour = { ...this.#behaviour, ...behaviour };
    }
    heal() {
        this.#behaviour = exports.healthyLink;
        this.#trap = undefined;
        for (const lane of this.#lanes)
            lane.wake();
    }
    cut() {
        for (const cut of [...this.#cuts])
            cut();
    }
    cutAtReply(text, skip) {
        this.#trap = { text: text.toLowerCase(), skip };
    }
    async stop() {
        const closed = new Promise((resolve) => this.#server.close(() => resolve()));
        this.cut();
        await closed;
    }
    #springs(chunk) {
        if (!this.#trap || !chunk.toString('latin1').toLowerCase().includes(this.#trap.text))
            return false;
        this.#trap.skip -= 1;
        if (this.#trap.skip >= 0)
            return false;
        this.#trap = undefined;
        this.faults += 1;
        return true;
    }
    #accept(client) {
        const server = node_net_1.default.connect(this.#target.port, this.#target.host);
        const behaviour = () => this.#behaviour;
        const toServer = new Lane(server, behaviour);
        const toClient = new Lane(client, behaviour);
        let cutsAtReply = false;
        const cut = () => {
            toServer.end();
            toClient.end();
            client.resetAndDestroy();
            server.destroy();
        };
        this.#cuts.add(cut);
        for (const lane of [toServer, toClient])
            this.#lanes.add(lane);
        const isReset = () => this.#behaviour.resetChance > this.#random();
        client.on('data', (chunk) => {
            if (isReset())
                cut();
            else {
                cutsAtReply ||= this.#springs(chunk);
                toServer.push(chunk);
            }
        });
        server.on('data', (chunk) => {
            if (cutsAtReply || isReset())
                cut();
            else
                toClient.push(chunk);
        });
        for (const socket of [client, server]) {
            socket.on('error', cut);
            socket.on('close', () => {
                // A silent link tells nobody that the other side has gone.
                if (!this.#behaviour.isSilent || socket === client)
                    cut();
                this.#cuts.delete(cut);
                for (const lane of [toServer, toClient])
                    this.#lanes.delete(lane);
            });
        }
    }
}
/** A proxy on a free port of the loopback, in front of `target` (`host:port`). */
const startTcpProxy = async (target, random) => {
    const colon = target.lastIndexOf(':');
    const proxy = new Proxy({ host: target.slice(0, colon), port: Number(target.slice(colon + 1)) }, random);
    await proxy.listen();
    return proxy;
};
exports.startTcpProxy = startTcpProxy;
//# sourceMappingURL=tcp-proxy.js.map