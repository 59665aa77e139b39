"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.drive = exports.newProgress = void 0;
const newProgress = () => ({
    pressed: 0,
    accepted: 0,
    refused: {},
    terminal: 0,
    byStatus: {},
});
exports.newProgress = newProgress;
const count = (counts, key) => {
    counts[key] = (counts[key] ?? 0) + 1;
};
const retriesMax = 20;
const retryPauseMs = 250;
const pause = () => new Promise((resolve) => setTimeout(resolve, retryPauseMs));
/** Buys; while the answer is 503 or 429 the same request is tried again, as an honest client does. */
const press = async (commands, body, onUnavailable = () => undefined) => {
    for (let attempt = 0;; attempt += 1) {
        const answer = await commands.post('/commands/buy', body);
        if (answer.status === 503)
            onUnavailable();
        else if (answer.status !== 429)
            return answer;
        if (attempt >= retriesMax)
            return answer;
        await pause();
    }
};
/** Asks with `?wait=` until the order is terminal or the time is over. */
const awaitTerminal = async (queries, requestId, waitMs) => {
    const endsAtMs = performance.now() + waitMs;
    let status = 'PENDING';
    while (status === 'PENDING' && performance.now() < endsAtMs) {
        const answer = await queries.get(`/orders/${encodeURIComponent(requestId)}?wait=10s`);
        if (answer.status === 503)
            await pause();
        else
            status = answer.status === 200 ? String(answer.body['status']) : `HTTP ${answer.status}`;
    }
    return status;
};
const buy = async (body, options, result) => {
    const pressedAtMs = performance.now();
    const answer = await press(options.commands, body, () => result.unsure.add(body.request_id));
    const answeredAtMs = performance.now();
    if (answer.status !== 202) {
        count(options.progress.refused, String(answer.status));
        result.surprises.push(`${body.request_id}: a valid press was answered ${answer.status} ${JSON.stringify(answer.body)}`);
        return;
    }
    options.progress.accepted += 1;
    const status = await awaitTerminal(options.queries, body.request_id, options.waitMs);
    options.progress.terminal += 1;
    count(options.progress.byStatus, status);
    result.orders.push({
        body,
        position: String(answer.body['position']),
        acceptMs: answeredAtMs - pressedAtMs,
        ...(status === 'PENDING' ? {} : { terminalMs: performance.now() - answeredAtMs }),
        status,
    });
};
const expectRefusal = async (item, wanted, options, surprises) => {
    const answer = await press(options.commands, item.body);
    count(options.progress.refused, String(answer.status));
    if (answer.status !== wanted)
        surprises.push(`a ${item.kind} press was answered ${answer.status}, not ${wanted}: ${JSON.stringify(item.body)}`);
};
/**
 * Presses everything in the plan with a bound on what is under way, and follows every accepted order to its end.
 * A repeat is pressed after its first one was answered, hence the wait for the first.
 */
const drive = async (plan, options) => {
    const result = { orders: [], surprises: [], unsure: new Set() };
    const firsts = new Map();
    const queue = plan.presses.values();
    const one = async (item) => {
        options.progress.pressed += 1;
        switch (item.kind) {
            case 'buy': {
                const done = buy(item.body, options, result);
                firsts.set(item.body.request_id, done);
                return done;
            }
            case 'repeat':
                await firsts.get(item.body.request_id);
                return expectRefusal(item, 409, options, result.surprises);
            case 'faulty':
                return expectRefusal(item, 400, options, result.surprises);
            default:
                return item;
        }
    };
    const worker = async () => {
        for (const item of queue)
            await one(item);
    };
    await Promise.all(Array.from({ length: options.concurrency }, worker));
    return result;
};
exports.drive = drive;
//# sourceMappingURL=drive.js.map