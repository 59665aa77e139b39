"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.createCheckAnswer = void 0;
const _2020_1 = __importDefault(require("ajv/dist/2020"));
const asJson = (value) => (typeof value === 'object' && value !== null ? value : {});
const pointer = (...parts) => parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
const matches = (template, path) => {
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(path);
};
const parseBody = (text) => {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
};
/**
 * Checks answers against an OpenAPI 3.1 document: the operation declares the status, the media type and every header
 * that it requires, and the body is what its schema says.
 */
const createCheckAnswer = (document) => {
    const api = document;
    const ajv = new _2020_1.default({ strict: false, validateFormats: false, allErrors: true });
    ajv.addSchema({ ...api, $id: 'api' });
    const compiled = new Map();
    const validatorOf = (at) => {
        const known = compiled.get(at) ?? ajv.compile({ $ref: `api#/${at}` });
        compiled.set(at, known);
        return known;
    };
    /** Follows a `$ref` and gives the pointer of what it found. */
    const find = (at) => {
        const parts = at.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
        const value = parts.reduce((node, part) => asJson(node[part]), api);
        return typeof value['$ref'] === 'string' ? find(value['$ref'].slice(2)) : { at, value };
    };
    /** A header may belong to one of the errors of a status only, which OpenAPI has no word for. */
    const isRequired = (header, text) => header['required'] === true ||
        (header['x-required-with-error'] !== undefined &&
            header['x-required-with-error'] === asJson(parseBody(text))['error']);
    const headerProblems = (declared, responseAt, { headers, text }) => Object.keys(declared).flatMap((name) => {
        const header = find(`${responseAt}/headers/${pointer(name)}`);
        const given = headers.get(name);
        if (given === null)
            return isRequired(header.value, text) ? [`the header ${name} is missing`] : [];
        const validate = validatorOf(`${header.at}/schema`);
        const isValid = validate(given);
        return isValid ? [] : [`the header ${name}: ${given} ${ajv.errorsText(validate.errors)}`];
    });
    const bodyProblems = (content, responseAt, answer) => {
        const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
        if (Object.keys(content).length === 0)
            return answer.text === '' ? [] : ['a body where none is declared'];
        if (content[type] === undefined)
            return [`the media type ${type} is not declared`];
        const isJson = type.endsWith('json');
        const validate = validatorOf(`${responseAt}/content/${pointer(type)}/schema`);
        const isValid = validate(isJson ? parseBody(answer.text) : answer.text);
        return isValid ? [] : [`the body: ${ajv.errorsText(validate.errors)}: ${answer.text}`];
    };
    return (method, path, answer) => {
        const template = Object.keys(asJson(api['paths'])).find((it) => matches(it, path));
        if (template === undefined)
            return [];
        const operation = find(`paths/${pointer(template)}/${method.toLowerCase()}`);
        const responses = asJson(operation.value['responses']);
        // What no operation is declared for is answered 405, and there is no place in the document to say so.
        if (Object.keys(responses).length === 0)
            return answer.status === 405 ? [] : ['an undeclared method'];
        if (responses[String(answer.status)] === undefined) {
            return [`${method} ${path}: the status ${answer.status} is not declared: ${answer.text}`];
        }
        const response = find(`${operation.at}/responses/${answer.status}`);
        return [
            ...headerProblems(asJson(response.value['headers']), response.at, answer),
            ...bodyProblems(asJson(response.value['content']), response.at, answer),
        ].map((problem) => `${method} ${path} ${answer.status}: ${problem}`);
    };
};
exports.createCheckAnswer = createCheckAnswer;
//# sourceMappingURL=openapi-check.js.map