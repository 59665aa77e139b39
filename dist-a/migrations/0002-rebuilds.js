"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.up = void 0;
const kysely_1 = require("kysely");
/**
 * Why: a rebuild is watched, resumed and switched by processes other than the one that builds, so its state is
 * here and not in a process. One row a view: a second rebuild at once has no place to be.
 */
const up = async (db) => {
    await (0, kysely_1.sql) `
    create table rebuilds (
      view text primary key,
      state text not null,
      version integer not null,
      started_at bigint not null,
      progressed_at bigint not null,
      events_total bigint not null,
      events_done bigint not null,
      events_per_second double precision not null,
      detail text,
      report jsonb
    )`.execute(db);
};
exports.up = up;
//# sourceMappingURL=0002-rebuilds.js.map