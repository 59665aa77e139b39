"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createBuyers = void 0;
const deadline_1 = require("../../chassis/deadline");
const commandTimeoutMs = 6_000;
const readTimeoutMs = 6_000;
const attemptsMax = 12;
/** Of the first pause between two attempts. */
const patienceMax = 8;
const usersCount = 400;
/** Shares of orders. */
const watched = 0.3;
const repeated = 0.03;
const contradicted = 0.01;
/**
 * Buyers as they are: each presses once, again when the answer is bad or missing, sometimes again for no reason, and
 * some look at their order until it has an end.
 */
const createBuyers = (options) => {
    const { history, random } = options;
    const arrivals = random.fork('arrivals');
    const underWay = new Set();
    let pace = options.ordersPerSecond;
    let placed = 0;
    let timer;
    let dueAtMs = 0;
    /** Load balancers send nobody to a process that is known to be gone. */
    const target = (from, chooser) => {
        const up = from.filter((one) => one.isUp);
        return chooser.pick(up.length > 0 ? up : from);
    };
    const press = (order, chooser) => history.record({
        op: 'buy',
        key: order.request_id,
        process: order.user_id,
        request: {
            method: 'POST',
            url: `${target(options.commands(), chooser).url}/commands/buy`,
            body: order,
            timeoutMs: commandTimeoutMs,
        },
    });
    const pressUntilAccepted = async (order, chooser) => {
        for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
            const { outcome, result } = await press(order, chooser);
            if (outcome === 'ok')
                return true;
            const isFinal = result.kind === 'answer' && [400, 413, 422, 429].includes(result.status);
            if (isFinal || chooser.chance(0.03))
                return false;
            // At first at once and then less and less often: buyers who press each second for ever keep a busy machine busy.
            await (0, deadline_1.pause)(chooser.integer(200, 1_200) * Math.min(2 ** attempt, patienceMax));
        }
        return false;
    };
    const look = async (order, chooser) => {
        for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
            const wait = chooser.chance(0.3) ? '?wait=2s' : '';
            const { result } = await history.record({
                op: 'read',
                key: order.request_id,
                process: order.user_id,
                request: {
                    method: 'GET',
                    url: `${target(options.queries(), chooser).url}/orders/${order.request_id}${wait}`,
                    timeoutMs: readTimeoutMs,
                },
            });
            const status = result.kind === 'answer' ? result.body['status'] : undefined;
            if (result.kind === 'answer' && result.status === 200 && status !== 'PENDING')
                return;
            await (0, deadline_1.pause)(chooser.integer(50, 500));
        }
    };
    const buy = async (number) => {
        const chooser = random.fork(`order ${number}`);
        const order = {
            user_id: `u${chooser.integer(1, usersCount)}`,
            item_id: chooser.pick(options.items),
            amount: chooser.integer(1, 3),
            request_id: `${options.prefix}-${number}`,
        };
        if (!(await pressUntilAccepted(order, chooser)))
            return;
        if (chooser.chance(repeated))
            await press(order, chooser);
        if (chooser.chance(contradicted))
            await press({ ...order, amount: order.amount + 10 }, chooser);
        if (chooser.chance(watched))
            await look(order, chooser);
    };
    const place = () => {
        const nowMs = performance.now();
        while (dueAtMs <= nowMs) {
            const work = buy(placed);
            placed += 1;
            underWay.add(work);
            void work.finally(() => underWay.delete(work));
            dueAtMs += (-Math.log(1 - arrivals.next()) * 1000) / pace;
        }
    };
    return {
        start: () => {
            dueAtMs = performance.now();
            timer = setInterval(place, 5);
        },
        stop: async () => {
            clearInterval(timer);
            while (underWay.size > 0)
                await Promise.all(underWay);
        },
        pace: (ordersPerSecond) => {
            pace = ordersPerSecond;
        },
        get ordersPlaced() {
            return placed;
        },
    };
};
exports.createBuyers = createBuyers;
//# sourceMappingURL=buyers.js.map