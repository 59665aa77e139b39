"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.compareViews = exports.digest = void 0;
const datasets_1 = require("./datasets");
const buckets = 1_024;
/** Enough to see what is wrong. */
const differencesMax = 10;
const bucketOf = (dataset) => `(hashtext(${dataset.key}) & ${buckets - 1})`;
/** The columns that both sides have, in one order: a rebuild may add some or drop some. */
const commonColumns = async (client, dataset) => {
    const columnsIn = async (schema) => {
        const { fields } = await client.query(`select * from (${dataset.rows(schema)}) r limit 0`);
        return fields.map(({ name }) => name);
    };
    const built = new Set(await columnsIn('views_next'));
    return (await columnsIn('views'))
        .filter((name) => built.has(name) && dataset.leftOut?.includes(name) !== true)
        .toSorted();
};
const listed = (columns) => columns.map((name) => `"${name}"`).join(', ');
/** A digest of all rows: one pass, and nothing of the rows leaves the server. */
const digest = async (client, dataset, schema, columns) => {
    const { rows } = await client.query(`select ${bucketOf(dataset)} as bucket, count(*)::bigint as rows,
       sum(hashtextextended(row(${listed(columns)})::text, 0)::numeric)::text as hash
     from (${dataset.rows(schema)}) r group by 1`);
    return new Map(rows.map((row) => [row.bucket, row]));
};
exports.digest = digest;
const rowsOf = (side) => [...side.values()].reduce((sum, { rows }) => sum + rows, 0);
const unequalBuckets = (live, built) => [...new Set([...live.keys(), ...built.keys()])].filter((bucket) => {
    const [a, b] = [live.get(bucket), built.get(bucket)];
    return a?.rows !== b?.rows || a?.hash !== b?.hash;
});
/** Names and values, as `json_build_object` takes them. */
const membersOf = (columns) => columns.map((name) => `'${name}', "${name}"`).join(', ');
const rowsIn = async (client, dataset, schema, what) => {
    const { rows } = await client.query(`select ${dataset.key} as key, json_build_object(${membersOf(what.columns)})::text as content
     from (${dataset.rows(schema)}) r where ${bucketOf(dataset)} = $1`, [what.bucket]);
    return new Map(rows.map(({ key, content }) => [key, content]));
};
const parsed = (content) => (content === undefined ? null : JSON.parse(content));
const differencesIn = async (sides, dataset, what) => {
    const live = await rowsIn(sides.live, dataset, 'views', what);
    const built = await rowsIn(sides.built, dataset, 'views_next', what);
    return [...new Set([...live.keys(), ...built.keys()])]
        .filter((key) => live.get(key) !== built.get(key))
        .slice(0, differencesMax)
        .map((key) => ({ key, live: parsed(live.get(key)), built: parsed(built.get(key)) }));
};
const compare = async (sides, dataset) => {
    const columns = await commonColumns(sides.built, dataset);
    const [live, built] = await Promise.all([
        (0, exports.digest)(sides.live, dataset, 'views', columns),
        (0, exports.digest)(sides.built, dataset, 'views_next', columns),
    ]);
    const unequal = unequalBuckets(live, built);
    const differences = [];
    for (const bucket of unequal) {
        if (differences.length >= differencesMax)
            break;
        differences.push(...(await differencesIn(sides, dataset, { columns, bucket })));
    }
    return {
        dataset: dataset.name,
        live_rows: rowsOf(live),
        built_rows: rowsOf(built),
        equal: unequal.length === 0,
        differences: differences.slice(0, differencesMax),
    };
};
/** A table that a later version adds is not in the live view, so there is nothing to compare it with. */
const standsInBoth = async (client, { name }) => {
    const { rows } = await client.query('select to_regclass($1) is not null and to_regclass($2) is not null as both', [`views.${name}`, `views_next.${name}`]);
    return rows[0]?.both ?? false;
};
/** Compares all that a view holds, table by table. */
const compareViews = async (sides, view) => {
    const reports = [];
    for (const dataset of datasets_1.datasets[view]) {
        if (await standsInBoth(sides.built, dataset))
            reports.push(await compare(sides, dataset));
    }
    return reports;
};
exports.compareViews = compareViews;
//# sourceMappingURL=verify.js.map