"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openSlowClients = void 0;
const node_net_1 = require("node:net");
const deadline_1 = require("../../chassis/deadline");
/** Opens `count` sockets that send a byte a second, half of them in the headers and half in the body. */
const openSlowClients = async (url, count) => {
    const { hostname, port } = new URL(url);
    const sockets = new Set();
    for (let each = 0; each < count; each += 1) {
        const socket = (0, node_net_1.connect)(Number(port), hostname);
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => sockets.delete(socket));
        socket.resume();
        socket.write('POST /commands/buy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
        socket.write(each % 2 === 0 ? 'Content-Length: 1000\r\n\r\n{' : 'X-Slow: ');
    }
    const timer = setInterval(() => {
        for (const socket of sockets)
            socket.write(' ');
    }, 1_000);
    await (0, deadline_1.pause)(500);
    return () => {
        clearInterval(timer);
        for (const socket of sockets)
            socket.destroy();
    };
};
exports.openSlowClients = openSlowClients;
//# sourceMappingURL=slow-clients.js.map