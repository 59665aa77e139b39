"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Client = void 0;
const node_http_1 = require("node:http");
/** Longer than the API's own deadline of 3 s and than the longest `?wait=`, so that the server answers first. */
const timeoutMs = 35_000;
/** A JSON client over kept connections; several times cheaper than fetch, so that the buyers are not the limit. */
class Client {
    agent;
    base;
    constructor(baseUrl, connectionsMax) {
        this.base = new URL(baseUrl);
        this.agent = new node_http_1.Agent({ keepAlive: true, maxSockets: connectionsMax });
    }
    get(path) {
        return this.send('GET', path);
    }
    post(path, body, headers = {}) {
        return this.send('POST', path, JSON.stringify(body), headers);
    }
    close() {
        this.agent.destroy();
    }
    send(method, path, body, headers = {}) {
        return new Promise((resolve, reject) => {
            const outgoing = (0, node_http_1.request)(new URL(path, this.base), {
                method,
                agent: this.agent,
                timeout: timeoutMs,
                headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
            }, (incoming) => {
                const chunks = [];
                incoming.on('data', (chunk) => chunks.push(chunk));
                incoming.on('error', reject);
                incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }));
            });
            outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within ${timeoutMs} ms`)));
            outgoing.on('error', reject);
            outgoing.end(body);
        });
    }
}
exports.Client = Client;
const parse = (bytes) => {
    if (bytes.length === 0)
        return {};
    try {
        return JSON.parse(bytes.toString('utf8'));
    }
    catch {
        return { unparsed: bytes.toString('utf8').slice(0, 200) };
    }
};
//# sourceMappingURL=client.js.map