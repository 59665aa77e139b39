"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.transact = void 0;
const log_1 = require("../chassis/kafka/log");
const cursors_1 = require("./cursors");
const inTransaction = async (client, options, folded) => {
    const { projection, schema } = options;
    await client.query(options.durability === 'lazy' ? 'begin; set local synchronous_commit to off' : 'begin');
    const moved = await (0, cursors_1.moveCursors)(client, projection, schema, folded.moves);
    switch (moved) {
        case 'elsewhere':
            await client.query('rollback');
            return { kind: 'elsewhere' };
        case 'other-version':
            throw new log_1.InfrastructureError(`view ${projection.view} in ${schema} is not of version ${projection.version}: make replay VIEW=${projection.view} builds it`);
        case 'moved': {
            const written = await folded.write(client, schema);
            await options.announce?.(client, folded, written);
            await options.atStep?.('before-commit');
            await client.query('commit');
            await options.atStep?.('after-commit');
            return { kind: 'written', written };
        }
    }
};
/** Writes a folded batch: its rows and its cursors together, or nothing. What it throws leaves the outcome unknown. */
const transact = async (options, folded) => {
    const client = await options.pool.connect();
    let isClean = false;
    try {
        const transacted = await inTransaction(client, options, folded);
        isClean = true;
        return transacted;
    }
    finally {
        // After an error nobody knows what state the session is in, so it is closed and not given back.
        client.release(!isClean);
    }
};
exports.transact = transact;
//# sourceMappingURL=view-transaction.js.map