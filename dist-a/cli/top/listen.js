"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.listen = listen;
const exit_1 = require("../exit");
const read_stream_1 = require("./read-stream");
/** A stream says something every second; one that says nothing for this long is a connection that is gone. */
const silenceDefaultMs = 10_000;
/**
 * What the console's stream says, one after the other.
 * @throws CommandEnd (could not) when it is silent for too long, before the first news as well as after any.
 */
async function* listen(api, signal, silenceMs = silenceDefaultMs) {
    const silence = new AbortController();
    const startTimer = () => setTimeout(() => silence.abort(), silenceMs);
    let timer = startTimer();
    try {
        const both = AbortSignal.any([signal, silence.signal]);
        const { body } = await api.stream('queryApi', '/console/stream', both);
        if (!body)
            throw (0, exit_1.couldNot)('The query API sends no stream.');
        for await (const news of (0, read_stream_1.readNews)(body)) {
            clearTimeout(timer);
            yield news;
            timer = startTimer();
        }
    }
    catch (error) {
        if (!silence.signal.aborted)
            throw error;
        throw (0, exit_1.couldNot)(`The query API has said nothing for ${silenceMs / 1_000} s.`);
    }
    finally {
        clearTimeout(timer);
    }
}
//# sourceMappingURL=listen.js.map