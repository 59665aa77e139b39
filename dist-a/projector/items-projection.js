"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createItemsProjection = void 0;
const log_1 = require("../chassis/kafka/log");
const today_1 = require("../migrations/views/today");
const batch_1 = require("./batch");
const columns_1 = require("./columns");
const item_commands_1 = require("./item-commands");
const read_records_1 = require("./read-records");
const view_topics_1 = require("./view-topics");
const commandColumns = {
    command_id: 'text',
    event_type: 'text',
    item_id: 'text',
    delta: 'integer',
    units_max: 'integer',
    action: 'text',
    opens_at: 'bigint',
    closes_at: 'bigint',
    expected_version: 'bigint',
    reason: 'text',
    actor: 'text',
    commanded_at: 'bigint',
    appended_at: 'bigint',
    event_id: 'text',
    partition: 'integer',
    offset: 'bigint',
};
const stockColumns = {
    item_id: 'text',
    stocked: 'bigint',
    units_max: 'integer',
    adjusted_at: 'bigint',
    stock_version: 'bigint',
    sale_mode: 'text',
    opens_at: 'bigint',
    closes_at: 'bigint',
    sale_version: 'bigint',
};
/** Of these commands, those that took effect in an earlier batch. */
const findKnown = async (client, schema, commands) => {
    const { rows } = await client.query({
        name: `known-commands-${schema}`,
        text: `select command_id from ${schema}.item_commands where command_id = any ($1::text[])`,
        values: [commands.map(({ event }) => event.command_id)],
    });
    return new Set(rows.map(({ command_id }) => command_id));
};
/** The items as the commands find them. The batch holds their partitions' cursors, so nobody else writes them now. */
const findItems = async (client, schema, commands) => {
    const { rows } = await client.query({
        name: `items-before-${schema}`,
        text: `select ${(0, columns_1.listOf)(stockColumns)} from ${schema}.item_stock where item_id = any ($1::text[])`,
        values: [commands.map(({ event }) => event.item_id)],
    });
    return rows;
};
const insertCommands = async (client, schema, commands) => {
    const { rowCount } = await client.query({
        name: `item-commands-${schema}`,
        text: `insert into ${schema}.item_commands (${(0, columns_1.listOf)(commandColumns)})
      select * from ${(0, columns_1.unnestOf)(commandColumns)} on conflict do nothing`,
        values: (0, columns_1.toColumns)(commands, (0, columns_1.namesOf)(commandColumns)),
    });
    if (rowCount === commands.length)
        return;
    throw new log_1.InfrastructureError('another partition was given a command of the same command_id just now');
};
const writeItems = async (client, schema, commands) => {
    if (commands.length === 0)
        return { decided: [], setAside: 0 };
    const known = await findKnown(client, schema, commands);
    const { items, applied } = (0, item_commands_1.foldCommands)(await findItems(client, schema, commands), known, commands);
    if (applied.length > 0) {
        await insertCommands(client, schema, applied);
        await client.query({
            name: `item-stock-${schema}`,
            text: `insert into ${schema}.item_stock (${(0, columns_1.listOf)(stockColumns)})
        select * from ${(0, columns_1.unnestOf)(stockColumns)}
        on conflict (item_id) do update set (${(0, columns_1.listOf)(stockColumns)}) = (${(0, columns_1.listOf)(stockColumns, 'excluded.')})`,
            values: (0, columns_1.toColumns)(items, (0, columns_1.namesOf)(stockColumns)),
        });
    }
    return { decided: [], setAside: commands.length - applied.length };
};
const isCommand = (logged) => logged.event.type === 'StockAdjusted' ||
    logged.event.type === 'BuyerLimitSet' ||
    logged.event.type === 'SaleChanged';
/** Stock, limits and sales of items: all that follows from operators' commands. */
const createItemsProjection = (codec, report) => ({
    view: 'items',
    version: today_1.viewsToday.items.version,
    offsetsTable: today_1.viewsToday.items.tables[0],
    topics: view_topics_1.viewTopics.items,
    read: async (records) => {
        const { events, undecodable } = await (0, read_records_1.readRecords)(codec, records);
        await report(undecodable);
        return (0, batch_1.toReading)(records, events.filter(isCommand), undecodable.map(({ record }) => record.offset));
    },
    fold: (pieces) => {
        const commands = pieces.flatMap((piece) => piece.facts);
        const moves = pieces.map((piece) => (0, batch_1.moveOf)(piece));
        return { moves, write: (client, schema) => writeItems(client, schema, commands) };
    },
});
exports.createItemsProjection = createItemsProjection;
//# sourceMappingURL=items-projection.js.map