"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createChargeRoutes = void 0;
const correlation_1 = require("../../chassis/http/correlation");
const problem_1 = require("../../chassis/http/problem");
const read_body_1 = require("../../chassis/http/read-body");
const headers_1 = require("../../schemas/headers");
const bodyBytesMax = 16 * 1024;
const jsonType = { 'Content-Type': 'application/json; charset=utf-8' };
const sendJson = (response, status, body, headers = jsonType) => {
    const text = JSON.stringify(body);
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
    response.end(text);
};
/** A lost answer: the caller hears nothing and, after PAYMENT_HANG, sees the connection cut. */
const sendCharge = (response, status, outcome) => {
    if (outcome.kind === 'unknown') {
        response.destroy();
        return;
    }
    const paymentId = outcome.kind === 'approved' ? { payment_id: outcome.paymentId } : {};
    const code = outcome.kind === 'declined' && outcome.code !== null ? { code: outcome.code } : {};
    sendJson(response, status, { status: outcome.kind, ...paymentId, ...code });
};
const statusOf = { approved: 201, declined: 402, cancelled: 409, unknown: 500 };
/** @throws Error that says what is wrong with it. */
const chargeIn = (header, bytes) => {
    if (typeof header !== 'string' || header === '')
        throw new Error('Idempotency-Key is missing');
    if (bytes === undefined)
        throw new Error(`the body has more than ${bodyBytesMax} bytes`);
    const members = JSON.parse(bytes.toString('utf8'));
    const { request_id: requestId, user_id: userId, amount } = members ?? {};
    if (typeof requestId !== 'string')
        throw new Error('request_id must be a text');
    if (typeof userId !== 'string')
        throw new Error('user_id must be a text');
    if (typeof amount !== 'number')
        throw new Error('amount must be a number');
    return { key: decodeURIComponent(header), requestId, userId, amount };
};
const readCharge = (header, bytes) => {
    try {
        return chargeIn(header, bytes);
    }
    catch (error) {
        const title = 'The charge cannot be understood';
        return { status: 400, error: 'BAD_REQUEST', title, detail: error.message };
    }
};
const spanOf = (tracing, given) => typeof given === 'string' && (0, headers_1.isTraceparent)(given)
    ? tracing.join('POST /charges', 'server', given)
    : undefined;
const charge = async ({ simulator, tracing }, request, response, bytes) => {
    const asked = readCharge(request.headers['idempotency-key'], bytes);
    if ('status' in asked) {
        sendJson(response, asked.status, (0, problem_1.problemBody)(asked, (0, correlation_1.correlationIdOf)(request)), (0, problem_1.problemHeaders)(asked));
        return;
    }
    const { key, requestId, userId, amount } = asked;
    const span = spanOf(tracing, request.headers['traceparent']);
    const outcome = await simulator.charge(key, { key: requestId, userId, itemId: '', amount });
    span?.end({ 'flashsale.payment': outcome.kind });
    sendCharge(response, statusOf[outcome.kind], outcome);
};
const query = async (simulator, key, response) => {
    const outcome = await simulator.query(key);
    if (outcome.kind === 'none')
        sendJson(response, 404, { status: 'none' });
    else
        sendCharge(response, 200, outcome);
};
const cancel = async (simulator, key, response) => {
    const outcome = await simulator.cancel(key);
    if (outcome.kind === 'unknown')
        response.destroy();
    else
        sendJson(response, 200, { status: 'cancelled' });
};
/** The method, the key and what is asked of it. */
const route = /^(?:(POST) \/charges|(GET|POST) \/charges\/([^/?]+)(\/cancel)?)$/;
const decoded = (key) => {
    try {
        return decodeURIComponent(key);
    }
    catch {
        return undefined;
    }
};
/**
 * Answers for charges ahead of express and says whether the request was one: 80 µs of CPU a charge instead of 286 (1,000
 * a second, Node 20, one core), so that at full load a simulator does not slow what it is there to measure.
 */
const createChargeRoutes = (provider) => (request, response) => {
    // A journal that takes no entry: nobody knows what happened to the money, and no answer says just that.
    const orCut = (answer) => void answer.catch(() => response.destroy());
    const [isOurs, isCharge, method, key = '', isCancel] = route.exec(`${request.method} ${request.url}`) ?? [];
    if (isOurs === undefined)
        return false;
    if (isCharge !== undefined) {
        (0, read_body_1.readBody)(request, bodyBytesMax, (bytes) => orCut(charge(provider, request, response, bytes)));
        return true;
    }
    const paymentKey = decoded(key);
    if (paymentKey === undefined || (method === 'POST') !== (isCancel !== undefined))
        return false;
    orCut((isCancel === undefined ? query : cancel)(provider.simulator, paymentKey, response));
    return true;
};
exports.createChargeRoutes = createChargeRoutes;
//# sourceMappingURL=charge-routes.js.map