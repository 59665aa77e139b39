"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isPostgresTrouble = void 0;
const pg_1 = require("pg");
/**
 * SQLSTATE classes that no statement of ours is to blame for: connection, transaction state after a time-out, rollbacks
 * by deadlock, resources, locks, intervention, system.
 */
const outsideClasses = new Set(['08', '25', '40', '53', '55', '57', '58']);
/** A table or schema that is away: dropped, or not yet there. */
const missing = new Set(['42P01', '3F000']);
/**
 * Whether an error is trouble of PostgreSQL, its pool or the network, to be retried, and not a bug of ours. What the
 * server itself answered has an SQLSTATE; a plain Error comes from the socket, the pool or a time-out of the client.
 */
const isPostgresTrouble = (error) => {
    if (error instanceof pg_1.DatabaseError) {
        const state = error.code ?? '';
        return outsideClasses.has(state.slice(0, 2)) || missing.has(state);
    }
    return error instanceof Error && (error.constructor === Error || error.name === 'AggregateError');
};
exports.isPostgresTrouble = isPostgresTrouble;
//# sourceMappingURL=postgres-trouble.js.map