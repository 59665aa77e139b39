"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.letBuy = void 0;
const deadline_1 = require("../../chassis/deadline");
const connections_1 = require("./connections");
const tickMs = 2;
const openBeforehand = { commands: 32, queries: 256 };
const pressText = (host, { item }, id) => {
    const body = `{"user_id":"${id}","item_id":"${item}","amount":1,"request_id":"${id}"}`;
    return `POST /commands/buy HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};
const followText = (host, id) => `GET /orders/${id}?wait=10s HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
/**
 * Buys at a steady pace, whatever the answers take, and follows each order with `?wait=` from its 202 on, as the page
 * of a buyer does.
 */
const letBuy = async (options) => {
    const commands = new connections_1.Connections(options.commandUrl);
    const queries = new connections_1.Connections(options.queryUrl);
    await commands.open(openBeforehand.commands);
    await queries.open(openBeforehand.queries);
    const bought = [];
    const wrong = [];
    const buy = async (id, dueAtMs) => {
        const accepted = await commands.ask(pressText(commands.host, options, id));
        const acceptedAtMs = performance.now();
        if (!accepted.startsWith('HTTP/1.1 202')) {
            wrong.push(accepted.slice(0, 200));
            return;
        }
        const answer = await queries.ask(followText(queries.host, id));
        if (!answer.startsWith('HTTP/1.1 200') || answer.includes('"PENDING"')) {
            wrong.push(answer);
            return;
        }
        const nowMs = performance.now();
        bought.push({
            id,
            acceptMs: acceptedAtMs - dueAtMs,
            terminalMs: nowMs - acceptedAtMs,
            seenAt: performance.timeOrigin + nowMs,
        });
    };
    const startedAtMs = performance.now();
    const underWay = [];
    const count = Math.floor((options.durationMs / 1000) * options.perSecond);
    while (underWay.length < count) {
        const due = Math.min(count, ((performance.now() - startedAtMs) / 1000) * options.perSecond);
        while (underWay.length < due) {
            const number = underWay.length;
            const dueAtMs = startedAtMs + (number / options.perSecond) * 1000;
            underWay.push(buy(`${options.prefix}-${number}`, dueAtMs));
        }
        await (0, deadline_1.pause)(tickMs);
    }
    const seconds = (performance.now() - startedAtMs) / 1000;
    await Promise.all(underWay);
    commands.close();
    queries.close();
    return { bought, wrong, seconds };
};
exports.letBuy = letBuy;
//# sourceMappingURL=buyers.js.map