"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.rawPost = exports.sendRaw = void 0;
const node_net_1 = __importDefault(require("node:net"));
const quietDefaultMs = 400;
/** Answers one after another, each as long as its Content-Length says; none of ours comes in chunks. */
const answersIn = (text) => {
    const end = text.indexOf('\r\n\r\n');
    if (end < 0)
        return [];
    const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
    const headers = new Headers(lines.map((line) => line.split(/: (.*)/, 2)));
    const bodyAt = end + 4;
    const nextAt = bodyAt + Number(headers.get('content-length') ?? 0);
    const body = Buffer.from(text.slice(bodyAt, nextAt), 'latin1').toString('utf8');
    return [
        { status: Number(statusLine.split(' ')[1]), headers, text: body },
        ...answersIn(text.slice(nextAt)),
    ];
};
/**
 * Sends bytes that no HTTP client would send, in one piece or several, and collects what comes back until the server
 * closes or says nothing for `quietMs` after its first answer, at most `withinMs`.
 */
const sendRaw = (url, pieces, { withinMs = 5_000, quietMs = quietDefaultMs, betweenMs = 0 } = {}) => new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const startedAtMs = performance.now();
    const chunks = [];
    let quiet;
    const socket = node_net_1.default.connect(Number(port), hostname);
    const end = (isClosed) => {
        clearTimeout(deadline);
        clearTimeout(quiet);
        socket.destroy();
        const text = Buffer.concat(chunks).toString('latin1');
        const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
        resolve({
            text,
            statuses,
            answers: answersIn(text),
            isClosed,
            tookMs: performance.now() - startedAtMs,
        });
    };
    const deadline = setTimeout(() => end(false), withinMs);
    socket.on('data', (chunk) => {
        chunks.push(chunk);
        clearTimeout(quiet);
        quiet = setTimeout(() => end(false), quietMs);
    });
    socket.on('close', () => end(true));
    socket.on('error', (error) => {
        if (error.code === 'ECONNREFUSED')
            reject(error);
    });
    socket.on('connect', () => {
        void (async () => {
            for (const piece of pieces) {
                if (socket.destroyed)
                    return;
                socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
                if (betweenMs > 0)
                    await new Promise((next) => setTimeout(next, betweenMs));
            }
        })();
    });
});
exports.sendRaw = sendRaw;
/** A request as text; what is given is sent as it is. */
const rawPost = (headers, body, target = '/commands/buy', contentType = 'application/json') => [`POST ${target} HTTP/1.1`, 'Host: x', `Content-Type: ${contentType}`, ...headers, '', body].join('\r\n');
exports.rawPost = rawPost;
//# sourceMappingURL=raw-http.js.map