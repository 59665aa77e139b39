"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.call = void 0;
const node_http_1 = require("node:http");
const agent = new node_http_1.Agent({ keepAlive: true, maxSockets: 500 });
const parse = (bytes) => {
    try {
        return JSON.parse(bytes.toString('utf8'));
    }
    catch {
        return {};
    }
};
/** One call, and what a client can honestly say of it. Never rejects. */
const call = ({ method, url, body, headers = {}, timeoutMs }) => new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    let mayHaveArrived = false;
    const outgoing = (0, node_http_1.request)(url, {
        method,
        agent,
        headers: text === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    });
    const deadline = setTimeout(() => outgoing.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    const end = (result) => {
        clearTimeout(deadline);
        resolve(result);
    };
    const fail = (error) => end({ kind: mayHaveArrived ? 'unknown' : 'not-sent', error: error.message });
    outgoing.on('socket', (socket) => {
        if (socket.connecting)
            socket.once('connect', () => (mayHaveArrived = true));
        else
            mayHaveArrived = true;
    });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
        const chunks = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () => end({ kind: 'answer', status: incoming.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }));
    });
    outgoing.end(text);
});
exports.call = call;
//# sourceMappingURL=http-client.js.map