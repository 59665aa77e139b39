"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeLetterFacts = exports.mergeActions = exports.mergeCopies = void 0;
const columns_1 = require("./columns");
const letter_facts_1 = require("./letter-facts");
const letterColumns = {
    source_topic: 'text',
    source_partition: 'integer',
    source_offset: 'bigint',
    partition: 'integer',
    offset: 'bigint',
    key: 'bytea',
    value: 'bytea',
    headers: 'jsonb',
    reason: 'text',
    detail: 'text',
    consumer: 'text',
    attempts: 'integer',
    correlation_id: 'text',
    failed_at: 'bigint',
    parked_at: 'bigint',
    group_id: 'text',
    subject: 'text',
    item_id: 'text',
    decoded: 'jsonb',
    copies: 'integer',
};
const actionColumns = {
    source_topic: 'text',
    source_partition: 'integer',
    source_offset: 'bigint',
    command_id: 'text',
    effect: 'text',
    subject: 'text',
    detail: 'text',
    acted_at: 'bigint',
    offset: 'bigint',
    failed_at: 'bigint',
    failed_reason: 'text',
    failed_detail: 'text',
};
const commandColumns = {
    command_id: 'text',
    kind: 'text',
    letters: 'integer',
    rate_per_second: 'integer',
    note: 'text',
    actor: 'text',
    ordered_at: 'bigint',
    offset: 'bigint',
};
/** The copy that stands for a letter: the one that was parked first, by the broker's time. */
const isEarlier = (one, other) => one.parked_at - other.parked_at < 0 ||
    (one.parked_at === other.parked_at && (one.partition - other.partition || one.offset - other.offset) < 0);
/** One row a letter: a statement may not touch a row twice, so copies within a batch are counted here. */
const mergeCopies = (rows) => {
    const merged = new Map();
    for (const row of rows) {
        const known = merged.get((0, letter_facts_1.letterIdOf)(row));
        const first = known === undefined || isEarlier(row, known) ? row : known;
        merged.set((0, letter_facts_1.letterIdOf)(row), { ...first, copies: row.copies + (known?.copies ?? 0) });
    }
    return [...merged.values()];
};
exports.mergeCopies = mergeCopies;
/** One row for each letter and command: what was said first stands, and the latest failure. */
const mergeActions = (rows) => {
    const merged = new Map();
    for (const row of rows) {
        const name = `${(0, letter_facts_1.letterIdOf)(row)} ${row.command_id}`;
        const known = merged.get(name) ?? row;
        const said = known.effect === null ? row : known;
        const failed = (row.failed_at ?? 0) > (known.failed_at ?? 0) ? row : known;
        const { failed_at, failed_reason, failed_detail } = failed;
        merged.set(name, { ...said, failed_at, failed_reason, failed_detail });
    }
    return [...merged.values()];
};
exports.mergeActions = mergeActions;
const keptFromFirst = (0, columns_1.namesOf)(letterColumns).filter((name) => name !== 'copies' && !name.startsWith('source_'));
const upsertLetters = async (client, schema, rows) => {
    if (rows.length === 0)
        return;
    const plain = rows.map((row) => ({
        ...row,
        headers: JSON.stringify(row.headers),
        decoded: row.decoded === null ? null : JSON.stringify(row.decoded),
    }));
    const isEarlierSql = `(excluded.parked_at, excluded.partition, excluded."offset") < (t.parked_at, t.partition, t."offset")`;
    const first = keptFromFirst.map((name) => `"${name}" = case when ${isEarlierSql} then excluded."${name}" else t."${name}" end`);
    await client.query({
        name: `dead-letters-${schema}`,
        text: `insert into ${schema}.dead_letters as t (${(0, columns_1.listOf)(letterColumns)})
      select * from ${(0, columns_1.unnestOf)(letterColumns)}
      on conflict (source_topic, source_partition, source_offset) do update set
        ${first.join(', ')}, copies = t.copies + excluded.copies`,
        values: (0, columns_1.toColumns)(plain, (0, columns_1.namesOf)(letterColumns)),
    });
};
const saidColumns = ['effect', 'subject', 'detail', 'acted_at', 'offset'];
const failedColumns = ['failed_at', 'failed_reason', 'failed_detail'];
const upsertActions = async (client, schema, rows) => {
    if (rows.length === 0)
        return;
    const said = saidColumns.map((name) => `"${name}" = case when t.effect is null then excluded."${name}" else t."${name}" end`);
    const failed = failedColumns.map((name) => `"${name}" = case when coalesce(excluded.failed_at, 0) > coalesce(t.failed_at, 0) then excluded."${name}" else t."${name}" end`);
    await client.query({
        name: `letter-actions-${schema}`,
        text: `insert into ${schema}.letter_actions as t (${(0, columns_1.listOf)(actionColumns)})
      select * from ${(0, columns_1.unnestOf)(actionColumns)}
      on conflict (source_topic, source_partition, source_offset, command_id) do update set
        ${[...said, ...failed].join(', ')}`,
        values: (0, columns_1.toColumns)(rows, (0, columns_1.namesOf)(actionColumns)),
    });
};
const insertCommands = async (client, schema, rows) => {
    if (rows.length === 0)
        return;
    await client.query({
        name: `letter-commands-${schema}`,
        text: `insert into ${schema}.letter_commands (${(0, columns_1.listOf)(commandColumns)})
      select * from ${(0, columns_1.unnestOf)(commandColumns)} on conflict do nothing`,
        values: (0, columns_1.toColumns)(rows, (0, columns_1.namesOf)(commandColumns)),
    });
};
/** Writes what records said, inside the caller's transaction. The order of the two topics does not matter. */
const writeLetterFacts = async (client, schema, facts) => {
    await upsertLetters(client, schema, (0, exports.mergeCopies)(facts.flatMap(({ letters }) => letters)));
    await upsertActions(client, schema, (0, exports.mergeActions)(facts.flatMap(({ actions }) => actions)));
    await insertCommands(client, schema, facts.flatMap(({ commands }) => commands));
};
exports.writeLetterFacts = writeLetterFacts;
//# sourceMappingURL=letter-store.js.map