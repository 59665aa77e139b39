"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.up = void 0;
const kysely_1 = require("kysely");
/**
 * Why: whoever builds gives up after its own STALLED_AFTER, and every watcher must call it STALLED by the same number, not
 * by one of its own. The default is that of the releases that did not write it.
 */
const up = async (db) => {
    await (0, kysely_1.sql) `alter table rebuilds add column stalled_after_ms integer not null default 30000`.execute(db);
};
exports.up = up;
//# sourceMappingURL=0004-rebuild-patience.js.map