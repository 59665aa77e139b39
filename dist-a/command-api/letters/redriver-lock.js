"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.RedriverLock = void 0;
/** Any numbers will do that nobody else uses; they must never change. */
const lockClass = 71_901;
const lockOfRedrives = 1;
/**
 * One process at a time carries out redrives. The lock is of a PostgreSQL session: it ends with the process, however
 * that ends. Nothing rests on it but pace and tidiness: two at once append copies, which every reader folds away.
 */
class RedriverLock {
    #db;
    #held;
    constructor(db) {
        this.#db = db;
    }
    /** A signal that aborts when the lock is lost; `undefined` while somebody else has it. */
    async take() {
        if (this.#held && !this.#held.lost.signal.aborted)
            return this.#held.lost.signal;
        // A client that is not given back counts against the pool for ever, also when its session is gone.
        this.#held?.client.release(true);
        this.#held = undefined;
        const client = await this.#db.connect();
        const lost = new AbortController();
        client.once('end', () => lost.abort());
        client.once('error', () => lost.abort());
        try {
            const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as locked', [lockClass, lockOfRedrives]);
            if (rows[0]?.locked === true) {
                this.#held = { client, lost };
                return lost.signal;
            }
            client.release(true);
            return undefined;
        }
        catch (error) {
            client.release(true);
            throw error;
        }
    }
    async release() {
        const held = this.#held;
        this.#held = undefined;
        if (held === undefined)
            return;
        // Ending the session frees the lock too, but only when the server notices.
        await held.client
            .query('select pg_advisory_unlock($1, $2)', [lockClass, lockOfRedrives])
            .catch(() => undefined);
        held.client.release(true);
    }
}
exports.RedriverLock = RedriverLock;
//# sourceMappingURL=redriver-lock.js.map