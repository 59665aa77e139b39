"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_http_1 = require("node:http");
/** The least that any such endpoint does: reads the body, parses it, answers. What Node itself allows on this machine. */
const server = (0, node_http_1.createServer)((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString());
        const text = JSON.stringify({ status: 'PENDING', request_id: body.request_id });
        response.writeHead(202, { 'Content-Type': 'application/json', 'Content-Length': text.length });
        response.end(text);
    });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
//# sourceMappingURL=bare-server.js.map