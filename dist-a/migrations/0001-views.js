"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.up = void 0;
const kysely_1 = require("kysely");
const dead_letters_v1_1 = require("./views/dead-letters-v1");
const items_v1_1 = require("./views/items-v1");
const orders_v1_1 = require("./views/orders-v1");
const view_shape_1 = require("./views/view-shape");
/**
 * Why: the read model, in a schema that a rebuild can replace as a whole. `view_generations` says which version of
 * a view's shape stands in which schema, so that a process of another release never writes into it.
 */
const up = async (db) => {
    for (const schema of view_shape_1.viewSchemas)
        await kysely_1.sql.raw(`create schema ${schema}`).execute(db);
    await (0, kysely_1.sql) `
    create table view_generations (
      view text not null,
      schema text not null,
      version integer not null,
      primary key (view, schema)
    )`.execute(db);
    for (const shape of [orders_v1_1.ordersV1, items_v1_1.itemsV1, dead_letters_v1_1.deadLettersV1]) {
        for (const statement of [...shape.create('views'), ...shape.createIndexes('views')]) {
            await kysely_1.sql.raw(statement).execute(db);
        }
        await (0, kysely_1.sql) `insert into view_generations values (${shape.view}, 'views', ${shape.version})`.execute(db);
    }
};
exports.up = up;
//# sourceMappingURL=0001-views.js.map