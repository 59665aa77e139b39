"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ReadJudge = void 0;
const fine = { kind: 'fine' };
const bodyOf = (answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4);
/**
 * A decided order is the same for ever, byte for byte, with one exception: the view may know the outcome before the
 * request, and then learns when and by whom it was requested.
 */
const isSame = (before, now) => before.requested_at === null
    ? before.status === now.status && before.updated_at === now.updated_at
    : before.text === now.text;
/** Remembers what was read of every order and item, and judges what is read next. */
class ReadJudge {
    #orders = new Map();
    #sold = new Map();
    /** @param answer the whole HTTP answer to `GET /orders/:id`; the order is in the log. */
    order(id, answer) {
        if (!answer.startsWith('HTTP/1.1 200'))
            return { kind: 'failed', why: `${id}: ${answer.slice(0, 300)}` };
        const text = bodyOf(answer);
        const { status, requested_at, updated_at } = JSON.parse(text);
        const now = { status, requested_at, updated_at, text };
        const before = this.#orders.get(id);
        this.#orders.set(id, now);
        if (before === undefined || before.status === 'PENDING' || isSame(before, now))
            return fine;
        return { kind: 'went-back', why: `${id}: ${before.text} and then ${text}` };
    }
    /** @param answer the whole HTTP answer to `GET /items/:id`, of an item that was ordered */
    item(id, answer) {
        if (!answer.startsWith('HTTP/1.1 200'))
            return { kind: 'failed', why: `${id}: ${answer.slice(0, 300)}` };
        const { sold } = JSON.parse(bodyOf(answer));
        const before = this.#sold.get(id) ?? 0;
        this.#sold.set(id, Math.max(sold, before));
        return sold >= before ? fine : { kind: 'went-back', why: `${id}: ${before} sold and then ${sold}` };
    }
}
exports.ReadJudge = ReadJudge;
//# sourceMappingURL=judge.js.map