"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.measureRaw = void 0;
const node_path_1 = require("node:path");
const columns_1 = require("../projector/columns");
const rawTypes = async (pool) => {
    const { rows } = await pool.query(`select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'views' and table_name = 'orders' order by ordinal_position`);
    return rows;
};
const insertAll = async (client, columns, rows) => {
    const list = columns.map(({ name }) => `"${name}"`).join(', ');
    const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
    for (let from = 0; from < rows.length; from += 4_000) {
        const chunk = rows.slice(from, from + 4_000);
        await client.query({
            name: 'raw',
            text: `insert into raw_orders (${list}) select * from unnest(${arrays})`,
            // The client's own way of writing arrays takes twice the time, and would flatter the projector.
            values: columns.map((_, index) => (0, columns_1.arrayLiteral)(chunk, (row) => row[index])),
        });
    }
};
/**
 * The rows of the orders view into a table with the same key, 4,000 a statement and a transaction, nothing else done;
 * then the same by the server's own COPY from a file. What any projector could reach at best.
 */
const measureRaw = async (pool, meter, { events, folder }) => {
    const columns = await rawTypes(pool);
    await pool.query('drop table if exists raw_orders');
    await pool.query('create table raw_orders (like views.orders including storage)');
    await pool.query('alter table raw_orders add primary key (request_id)');
    const { rows } = await pool.query({ text: 'select * from views.orders', rowMode: 'array' });
    const client = await pool.connect();
    await client.query('set synchronous_commit to off');
    await meter('raw unnest insert of the same rows, events', events, () => insertAll(client, columns, rows));
    client.release(true);
    const file = `'${(0, node_path_1.join)(folder, 'orders.copy').replaceAll("'", "''")}'`;
    await pool.query(`copy views.orders to ${file}`);
    await pool.query('truncate raw_orders');
    await meter('raw COPY of the same rows, events', events, () => pool.query(`copy raw_orders from ${file}`));
};
exports.measureRaw = measureRaw;
//# sourceMappingURL=raw-inserts.js.map