"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.requestText = exports.openReader = exports.openSocket = void 0;
const node_net_1 = require("node:net");
const contentLength = /content-length: (\d+)/i;
/** Whether the text is a whole answer. All of it is ASCII. */
const isWhole = (text) => {
    const end = text.indexOf('\r\n\r\n');
    return end !== -1 && text.length >= end + 4 + Number(contentLength.exec(text)?.[1] ?? 0);
};
/** A connection on which nothing is read yet. */
const openSocket = (url) => new Promise((resolve, reject) => {
    const socket = (0, node_net_1.connect)(Number(url.port), url.hostname);
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
});
exports.openSocket = openSocket;
/** Opens a connection on which answers are read one by one; `onAnswer` gets each as text. */
const openReader = async (url, onAnswer) => {
    const socket = await (0, exports.openSocket)(url);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
        text += chunk;
        if (!isWhole(text))
            return;
        const answer = text;
        text = '';
        onAnswer(answer);
    });
    return socket;
};
exports.openReader = openReader;
/** A request without a body on a kept connection. */
const requestText = (url, path) => `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`;
exports.requestText = requestText;
//# sourceMappingURL=raw-reader.js.map