"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Connections = void 0;
const raw_reader_1 = require("../../tests/support/raw-reader");
/** Kept connections to one server, each with one request at a time; opens another when all are busy. */
class Connections {
    #url;
    #idle = [];
    #sockets = [];
    constructor(url) {
        this.#url = new URL(url);
    }
    get opened() {
        return this.#sockets.length;
    }
    get host() {
        return this.#url.host;
    }
    /** Opens some beforehand: connecting is no part of what a buyer who is there already waits for. */
    async open(count) {
        for (let opened = 0; opened < count; opened += 1)
            this.#idle.push(await this.#connect());
    }
    async ask(request) {
        const send = this.#idle.pop() ?? (await this.#connect());
        return new Promise((resolve) => send(request, (answer) => {
            this.#idle.push(send);
            resolve(answer);
        }));
    }
    close() {
        for (const socket of this.#sockets)
            socket.destroy();
    }
    async #connect() {
        let settle = () => undefined;
        const socket = await (0, raw_reader_1.openReader)(this.#url, (answer) => settle(answer));
        this.#sockets.push(socket);
        return (request, onAnswer) => {
            settle = onAnswer;
            socket.write(request, 'latin1');
        };
    }
}
exports.Connections = Connections;
//# sourceMappingURL=connections.js.map