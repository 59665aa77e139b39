"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createApi = exports.refusal = void 0;
const exit_1 = require("./exit");
/** Longer than any wait that the APIs allow (30 s). */
const timeoutMs = 40_000;
const problemOf = (body) => (typeof body === 'object' && body !== null ? body : {});
const describe = (status, body) => {
    const { title, detail, errors = [] } = problemOf(body);
    const fields = errors.map(({ field, message }) => `\n  ${field}: ${message}`).join('');
    return `${title ?? `It was answered ${status}`}${detail === undefined ? '' : `: ${detail}`}${fields}`;
};
/** An answer that is not 2xx, as the end of a command. */
const refusal = ({ status, body }) => {
    const text = describe(status, body);
    if (status === 401 || status === 403) {
        return (0, exit_1.couldNot)(`${text}\nThe operators' token is read from ADMIN_TOKEN or from the file of --token-file.`);
    }
    if (status === 400)
        return new exit_1.CommandEnd(exit_1.exitCodes.usage, text);
    return status >= 500 ? (0, exit_1.couldNot)(text) : (0, exit_1.saysNo)(text);
};
exports.refusal = refusal;
const parsed = (text) => {
    try {
        return JSON.parse(text);
    }
    catch {
        return text;
    }
};
const causeOf = (error) => {
    if (!(error instanceof Error))
        return String(error);
    if (error.name === 'TimeoutError')
        return `no answer within ${timeoutMs / 1000} s`;
    return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
};
/** HTTP calls with a deadline; every one carries the operators' token when there is one. */
const createApi = ({ addresses, adminToken }) => {
    const request = async (to, path, init) => {
        const url = `${addresses[to]}${path}`;
        const headers = new Headers(init.headers);
        if (adminToken !== undefined)
            headers.set('Authorization', `Bearer ${adminToken}`);
        try {
            return await fetch(url, { ...init, headers });
        }
        catch (error) {
            throw (0, exit_1.couldNot)(`${url} does not answer (${causeOf(error)}).`);
        }
    };
    const call = async (to, path, options = {}) => {
        const { body, headers = {} } = options;
        const deadline = AbortSignal.timeout(options.timeoutMs ?? timeoutMs);
        const answer = await request(to, path, {
            method: body === undefined ? 'GET' : 'POST',
            signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline,
            headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: answer.status, headers: answer.headers, body: parsed(await answer.text()) };
    };
    const accepted = (answer) => {
        if (answer.status < 200 || answer.status > 299)
            throw (0, exports.refusal)(answer);
        return answer.body;
    };
    return {
        call,
        get: async (to, path) => accepted(await call(to, path)),
        command: async (to, path, body) => accepted(await call(to, path, { body })),
        stream: async (to, path, signal) => {
            const answer = await request(to, path, { signal, headers: { Accept: 'text/event-stream' } });
            if (!answer.ok) {
                throw (0, exports.refusal)({ status: answer.status, headers: answer.headers, body: parsed(await answer.text()) });
            }
            return answer;
        },
    };
};
exports.createApi = createApi;
//# sourceMappingURL=api.js.map