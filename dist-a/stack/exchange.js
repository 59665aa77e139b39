"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.exchange = void 0;
const node_net_1 = require("node:net");
const ports_1 = require("./ports");
/**
 * Sends bytes to a loopback port and gives the first bytes that come back; the connection is closed then.
 * @throws when nobody listens, the other side hangs up, or nothing comes within `timeoutMs`.
 */
const exchange = (port, request, timeoutMs) => new Promise((resolve, reject) => {
    const socket = (0, node_net_1.connect)({ port, host: ports_1.loopback });
    const fail = (error) => {
        socket.destroy();
        reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(new Error(`no answer on port ${port} within ${timeoutMs} ms`)));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error(`port ${port} hung up`)));
    socket.once('connect', () => socket.write(request));
    socket.once('data', (answer) => {
        resolve(answer);
        socket.destroy();
    });
});
exports.exchange = exchange;
//# sourceMappingURL=exchange.js.map