"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createRegistryClient = void 0;
const log_1 = require("../chassis/kafka/log");
/** Error codes of Confluent's API: subject, version or schema not found, and no level of its own for a subject. */
const notFound = new Set([40401, 40402, 40403, 40408]);
const refused = new Set([409, 42201]);
const idMax = 2 ** 31 - 1;
const membersOf = (body) => typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
const parse = (text) => {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
};
/** The address without user and password, which `fetch` refuses in it, and the header that carries them instead. */
const splitCredentials = (address) => {
    const url = new URL(address);
    const headers = { accept: 'application/vnd.schemaregistry.v1+json' };
    if (url.username !== '') {
        const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
        headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
        url.username = '';
        url.password = '';
    }
    return { base: url.href.replace(/\/+$/, ''), headers };
};
const explain = (error) => {
    if (!(error instanceof Error))
        return String(error);
    return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};
const unexpected = (path, answer) => {
    const message = membersOf(answer.body).message;
    const detail = typeof message === 'string' ? `: ${message.slice(0, 300)}` : '';
    return new log_1.InfrastructureError(`The Schema Registry answered ${answer.status} to ${path}${detail}`);
};
const idIn = (path, answer) => {
    const { id } = membersOf(answer.body);
    if (Number.isInteger(id) && id >= 0 && id <= idMax)
        return id;
    throw unexpected(path, answer);
};
const schemaIn = (path, answer) => {
    const { schema } = membersOf(answer.body);
    if (typeof schema === 'string')
        return schema;
    throw unexpected(path, answer);
};
/**
 * Only a JSON answer with the registry's own error code counts as "no such thing": a 404 of a proxy or of a wrong
 * base address says nothing about a schema, and taking it for one would send good records to the dead letters.
 */
const saysNotFound = (answer) => answer.status === 404 && notFound.has(membersOf(answer.body).error_code);
const connect = (registryUrl, timeoutMs) => {
    const { base, headers } = splitCredentials(registryUrl);
    return async (method, path, body) => {
        try {
            const response = await fetch(`${base}${path}`, {
                method,
                headers: body === undefined ? headers : { ...headers, 'content-type': headers.accept ?? '' },
                body: body === undefined ? null : JSON.stringify(body),
                signal: AbortSignal.timeout(timeoutMs),
            });
            return { status: response.status, body: parse(await response.text()) };
        }
        catch (cause) {
            throw new log_1.InfrastructureError(`The Schema Registry at ${base} does not answer: ${explain(cause)}`, {
                cause,
            });
        }
    };
};
/**
 * @param registryUrl base address of the API; a user and password in it become a Basic authorization header.
 * @param timeoutMs for each request, answer included.
 */
const createRegistryClient = (registryUrl, timeoutMs) => {
    const ask = connect(registryUrl, timeoutMs);
    const subjectPath = (subject) => `/subjects/${encodeURIComponent(subject)}`;
    const askFor = async (method, path, body) => {
        const answer = await ask(method, path, body);
        if (saysNotFound(answer))
            return undefined;
        if (answer.status !== 200)
            throw unexpected(path, answer);
        return answer;
    };
    return {
        lookup: async (subject, schemaText) => {
            const answer = await askFor('POST', subjectPath(subject), { schema: schemaText });
            return answer && idIn(subjectPath(subject), answer);
        },
        schemaById: async (id) => {
            const answer = await askFor('GET', `/schemas/ids/${id}`);
            if (!answer)
                return undefined;
            const { schemaType = 'AVRO', references = [] } = membersOf(answer.body);
            const selfContainedAvro = schemaType === 'AVRO' && Array.isArray(references) && references.length === 0;
            return { text: schemaIn(`/schemas/ids/${id}`, answer), selfContainedAvro };
        },
        register: async (subject, schemaText) => {
            const path = `${subjectPath(subject)}/versions`;
            const answer = await ask('POST', path, { schema: schemaText });
            if (refused.has(membersOf(answer.body).error_code) || answer.status === 409) {
                return { kind: 'refused', reason: unexpected(path, answer).message };
            }
            if (answer.status !== 200)
                throw unexpected(path, answer);
            return { kind: 'registered', id: idIn(path, answer) };
        },
        versions: async (subject) => {
            const answer = await askFor('GET', `${subjectPath(subject)}/versions`);
            if (!answer)
                return [];
            if (Array.isArray(answer.body))
                return answer.body.map(Number).sort((a, b) => a - b);
            throw unexpected(subjectPath(subject), answer);
        },
        version: async (subject, version) => {
            const path = `${subjectPath(subject)}/versions/${version}`;
            const answer = await askFor('GET', path);
            return answer && schemaIn(path, answer);
        },
        compatibility: async (subject) => {
            const answer = await askFor('GET', `/config/${encodeURIComponent(subject)}`);
            const level = membersOf(answer?.body).compatibilityLevel;
            return typeof level === 'string' ? level : undefined;
        },
        setCompatibility: async (subject, level) => {
            const path = `/config/${encodeURIComponent(subject)}`;
            const answer = await ask('PUT', path, { compatibility: level });
            if (answer.status !== 200)
                throw unexpected(path, answer);
        },
    };
};
exports.createRegistryClient = createRegistryClient;
//# sourceMappingURL=registry-client.js.map