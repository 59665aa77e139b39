"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startHttpServer = void 0;
const node_http_1 = require("node:http");
const node_net_1 = require("node:net");
const deadline_1 = require("../deadline");
const unread_request_1 = require("./unread-request");
/** Cut slow clients: Node's own defaults are 60 s for headers, 300 s for a request, checked every 30 s. */
const limits = {
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    connectionsCheckingInterval: 1_000,
    /** Longer than the usual 60 s of a load balancer, so that it never reuses a connection we just closed. */
    keepAliveTimeout: 65_000,
    /** Beyond this header size a request is answered 431. */
    maxHeaderSize: 16 * 1024,
    /** Checked here instead, for an answer in the one shape of errors. */
    requireHostHeader: false,
};
const connectionsMaxDefault = 10_000;
const idleCheckMs = 100;
/**
 * A kept connection may be about to carry its next request when the listener closes; http's own `close` cuts it at
 * once, and that request is reset. Half a second is longer than any client that is busy with us pauses.
 */
const quietMs = 500;
const listen = (server, options) => new Promise((resolve, reject) => {
    server.once('error', (error) => {
        const setting = options.portSetting ?? 'PORT';
        const busy = error.code === 'EADDRINUSE';
        reject(busy ? new Error(`port ${options.port} is in use: set ${setting} to another one`) : error);
    });
    server.listen(options.port, options.host, () => {
        server.removeAllListeners('error');
        server.on('error', () => undefined);
        resolve();
    });
});
/** Listens; rejects with a message that names the setting when the port is taken. */
const startHttpServer = async (handle, options) => {
    let draining = false;
    const headersTimeout = options.headersTimeoutMs ?? limits.headersTimeout;
    const server = (0, node_http_1.createServer)({ ...limits, headersTimeout }, (request, response) => {
        if (draining)
            response.setHeader('Connection', 'close');
        if (!(0, unread_request_1.refuseWithoutHost)(request, response))
            handle(request, response);
    });
    (0, unread_request_1.answerUnreadRequests)(server);
    server.maxConnections = options.connectionsMax ?? connectionsMaxDefault;
    await listen(server, options);
    const { port } = server.address();
    const shown = options.host === '0.0.0.0' ? '127.0.0.1' : options.host;
    const drain = async (timeoutMs) => {
        draining = true;
        const endsAtMs = performance.now() + timeoutMs;
        const closed = new AbortController();
        server.once('close', () => closed.abort());
        node_net_1.Server.prototype.close.call(server);
        await (0, deadline_1.pause)(Math.min(quietMs, timeoutMs), closed.signal);
        while (!closed.signal.aborted && performance.now() < endsAtMs) {
            server.closeIdleConnections();
            await (0, deadline_1.pause)(idleCheckMs, closed.signal);
        }
        server.closeAllConnections();
        // Ends the timer that checks for slow clients; the listener is closed by now, which is no error here.
        server.close(() => undefined);
    };
    return { url: `http://${shown}:${port}`, port, drain };
};
exports.startHttpServer = startHttpServer;
//# sourceMappingURL=server.js.map