"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ensureViews = exports.dropView = exports.createView = void 0;
const today_1 = require("./views/today");
const isMissing = async (client, schema, table) => {
    const { rows } = await client.query('select to_regclass($1) is null as missing', [
        `${schema}.${table}`,
    ]);
    return rows[0]?.missing ?? true;
};
/** Makes a view's tables in a schema, in place of any that stand there. Run it inside a transaction. */
const createView = async (client, shape, schema, indexes = 'with-indexes') => {
    await (0, exports.dropView)(client, shape, schema);
    const statements = [
        ...shape.create(schema),
        ...(indexes === 'with-indexes' ? shape.createIndexes(schema) : []),
    ];
    for (const statement of statements)
        await client.query(statement);
    await client.query('insert into view_generations (view, schema, version) values ($1, $2, $3)', [
        shape.view,
        schema,
        shape.version,
    ]);
};
exports.createView = createView;
const dropView = async (client, shape, schema) => {
    for (const table of shape.tables)
        await client.query(`drop table if exists ${schema}.${table}`);
    await client.query('delete from view_generations where view = $1 and schema = $2', [shape.view, schema]);
};
exports.dropView = dropView;
/** A view that never folded an event has nothing to lose: a new release may give it another shape at once. */
const isUntouched = async (client, shape) => {
    if (await isMissing(client, 'views', shape.tables[0]))
        return false;
    const { rowCount } = await client.query(`select from views.${shape.tables[0]} limit 1`);
    return rowCount === 0;
};
const versionOf = async (client, shape) => {
    const { rows } = await client.query(`select version from view_generations where view = $1 and schema = 'views'`, [shape.view]);
    return rows[0]?.version;
};
/**
 * Gives untouched views today's shape. A view with events in it is left alone: its new shape comes by a rebuild,
 * while the old one is read. Returns what a person should know, one line a view that is not of today.
 */
const ensureViews = async (client) => {
    const notes = [];
    for (const shape of Object.values(today_1.viewsToday)) {
        const version = await versionOf(client, shape);
        if (version === shape.version)
            continue;
        if (await isUntouched(client, shape)) {
            await client.query('begin');
            await (0, exports.createView)(client, shape, 'views');
            await client.query('commit');
        }
        else {
            notes.push(`view ${shape.view} has version ${version ?? 'none'}, this release writes ${shape.version}: run make replay VIEW=${shape.view}`);
        }
    }
    return notes;
};
exports.ensureViews = ensureViews;
//# sourceMappingURL=ensure-views.js.map