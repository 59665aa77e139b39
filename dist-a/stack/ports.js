"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.claimPort = exports.freePort = exports.usePartOfPorts = exports.PortBusyError = exports.loopback = void 0;
const node_net_1 = require("node:net");
/** Every server listens here and nowhere else. */
exports.loopback = '127.0.0.1';
class PortBusyError extends Error {
    name = 'PortBusyError';
    port;
    variable;
    constructor(port, variable, options) {
        super(`Port ${port} is in use. Stop what listens there, or set ${variable} to another port.`, options);
        this.port = port;
        this.variable = variable;
    }
}
exports.PortBusyError = PortBusyError;
const bind = (port) => new Promise((resolve, reject) => {
    const probe = (0, node_net_1.createServer)();
    probe.once('error', reject);
    probe.listen({ port, host: exports.loopback, exclusive: true }, () => probe.close(() => resolve()));
});
/**
 * Free ports come from below the range that systems hand out to outgoing connections (Linux 32768 and up, macOS
 * 49152 and up): there, a connection of somebody else could take the port between our look and the server's bind.
 */
let lowest = 20_000;
let highest = 32_700;
const attemptsMax = 200;
const handedOut = new Set();
/**
 * Has this process take free ports from one of `count` equal parts only. A port that a server of another process has left for a
 * moment, because it was killed to be started again, counts as free.
 */
const usePartOfPorts = (part, count) => {
    const size = Math.floor((highest - lowest) / count);
    lowest += part * size;
    highest = lowest + size;
};
exports.usePartOfPorts = usePartOfPorts;
/** A port of the loopback address that is free now and that this process has not handed out before. */
const freePort = async () => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const port = lowest + Math.floor(Math.random() * (highest - lowest));
        if (handedOut.has(port))
            continue;
        try {
            await bind(port);
            handedOut.add(port);
            return port;
        }
        catch {
            continue;
        }
    }
    throw new Error(`No free port between ${lowest} and ${highest} in ${attemptsMax} attempts`);
};
exports.freePort = freePort;
/**
 * The port to use: the wanted one, or a free one for 0.
 * @throws PortBusyError naming the variable that moves the server elsewhere.
 */
const claimPort = async (wanted, variable) => {
    if (wanted === 0)
        return (0, exports.freePort)();
    try {
        await bind(wanted);
        return wanted;
    }
    catch (cause) {
        throw new PortBusyError(wanted, variable, { cause });
    }
};
exports.claimPort = claimPort;
//# sourceMappingURL=ports.js.map