"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readBody = void 0;
/**
 * Reads a body of at most `bytesMax` and calls back once; `undefined`: it is larger, and what still comes is thrown
 * away by the server. A client that goes away is never called back: nothing is held for it by then.
 */
const readBody = (request, bytesMax, done) => {
    const chunks = [];
    let length = 0;
    const onData = (chunk) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > bytesMax)
            finish(undefined);
    };
    const onEnd = () => finish(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    const finish = (bytes) => {
        request.off('data', onData);
        request.off('end', onEnd);
        done(bytes);
    };
    request.on('data', onData);
    request.on('end', onEnd);
};
exports.readBody = readBody;
//# sourceMappingURL=read-body.js.map