"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createHistory = void 0;
const http_client_1 = require("./http-client");
/** What an answer to a command says about its effect. */
const outcomeOfCommand = (result) => {
    if (result.kind === 'not-sent')
        return 'fail';
    if (result.kind === 'unknown' || result.status >= 500)
        return 'info';
    if (result.status === 202)
        return 'ok';
    // A plain duplicate says that the first one was accepted; one still in flight says nothing was done for this copy.
    if (result.status === 409 && result.body['error'] !== 'IN_FLIGHT')
        return 'ok';
    return 'fail';
};
const outcomeOfRead = (result) => {
    if (result.kind !== 'answer')
        return 'info';
    return result.status === 200 ? 'ok' : 'fail';
};
/** The members of an answer that a judge needs. */
const shown = ({ body }) => {
    const { status, reason, user_id, item_id, amount, position, error, correlation_id } = body;
    return { status, reason, user_id, item_id, amount, position, error, correlation_id };
};
const positionText = (body) => {
    const position = body['position'];
    if (typeof position !== 'object' || position === null)
        return position;
    const { topic, partition, offset } = position;
    return `${String(topic)}:${String(partition)}:${String(offset)}`;
};
const createHistory = (folder) => {
    const counts = {};
    const count = (name) => {
        counts[name] = (counts[name] ?? 0) + 1;
    };
    return {
        record: async ({ op, key, process, request }) => {
            const invoked = { invoked_ms: performance.now(), invoked_at: Date.now() };
            const result = await (0, http_client_1.call)(request);
            const outcome = op === 'read' ? outcomeOfRead(result) : outcomeOfCommand(result);
            const status = result.kind === 'answer' ? result.status : null;
            count(`${op} ${outcome}`);
            count(`${op} ${status ?? result.kind}`);
            folder.append('history', {
                op,
                outcome,
                key,
                process,
                ...invoked,
                returned_ms: performance.now(),
                returned_at: Date.now(),
                status,
                body: request.body,
                answer: result.kind === 'answer'
                    ? { ...shown(result), position: positionText(result.body) }
                    : { error: result.error },
            });
            return { outcome, result };
        },
        inject: (key, place) => {
            const ms = performance.now();
            const at = Date.now();
            const times = { invoked_ms: ms, returned_ms: ms, invoked_at: at, returned_at: at };
            folder.append('history', {
                op: 'inject',
                outcome: 'ok',
                key,
                process: 'nemesis',
                ...times,
                answer: place,
            });
        },
        counts: () => counts,
    };
};
exports.createHistory = createHistory;
//# sourceMappingURL=history.js.map