"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.watchProcesses = void 0;
const process_look_1 = require("../chassis/process-look");
/** A process that hangs is called silent after this long; an answer takes some milliseconds. */
const answerWithinMs = 2_000;
/** What was said before somebody went to lunch says nothing about now. */
const knownForMs = 5_000;
const read = async (url) => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
    return url.endsWith('/metrics') ? answer.text() : answer.json();
};
/** Asks one process whenever somebody looks, unless it is being asked already: a look never waits. */
const watchOne = (url, clock) => {
    let isAsking = false;
    let known;
    const ask = async () => {
        isAsking = true;
        const look = await (0, process_look_1.lookAtProcess)((path) => read(`${url.replace(/\/+$/, '')}${path}`));
        known = { look, atMs: clock() };
        isAsking = false;
    };
    return () => {
        if (!isAsking)
            void ask();
        return known && clock() - known.atMs <= knownForMs ? known.look : undefined;
    };
};
/** @param clock milliseconds, never going back */
const watchProcesses = (addresses, clock) => {
    const looks = new Map(Object.entries(addresses).flatMap(([name, url]) => url === undefined ? [] : [[name, watchOne(url, clock)]]));
    return { look: (name) => looks.get(name)?.() };
};
exports.watchProcesses = watchProcesses;
//# sourceMappingURL=watch-processes.js.map