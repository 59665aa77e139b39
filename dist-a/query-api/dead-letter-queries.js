"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.listLetterGroups = exports.findDeadLetter = exports.listDeadLetters = void 0;
const letter_rows_1 = require("../migrations/letters/letter-rows");
const instant = (ms) => new Date(ms).toISOString();
/** Keys that are text are shown as text; a key that is none is shown by its bytes only. */
const textOf = (bytes) => {
    if (bytes === null)
        return null;
    const text = bytes.toString('utf8');
    return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
};
const toBody = (row) => ({
    id: `${row.source_topic}:${row.source_partition}:${row.source_offset}`,
    state: row.state,
    group: row.group_id,
    source: { topic: row.source_topic, partition: row.source_partition, offset: row.source_offset },
    position: { partition: row.partition, offset: row.offset },
    key: textOf(row.key),
    key_base64: row.key?.toString('base64') ?? null,
    subject: row.subject,
    item_id: row.item_id,
    reason: row.reason,
    detail: row.detail,
    consumer: row.consumer,
    attempts: row.attempts + row.redrives,
    redrives: row.redrives,
    first_failure: { at: instant(row.failed_at), reason: row.reason, detail: row.detail },
    last_failure: { at: instant(row.last_failed_at), reason: row.last_reason, detail: row.last_detail },
    last_command: row.command_id === null
        ? null
        : { command_id: row.command_id, effect: row.effect, detail: row.effect_detail },
    correlation_id: row.correlation_id,
    parked_at: instant(row.parked_at),
    copies: row.copies,
    value_bytes: row.value_bytes,
});
/** Newest first. Values are left out: a page of a megabyte each would be none. */
const listDeadLetters = async (db, filter, page) => {
    const [parkedAt, partition, offset] = page.after ?? [Number.MAX_SAFE_INTEGER, 0, 0];
    const condition = (0, letter_rows_1.letterCondition)(filter, 5);
    const { rows } = await db.query({
        text: `select ${letter_rows_1.letterColumns} from ${letter_rows_1.lettersFrom}
      where (l.parked_at, l.partition, l."offset") < ($1, $2, $3) and ${condition.text}
      order by l.parked_at desc, l.partition desc, l."offset" desc limit $4`,
        values: [parkedAt, partition, offset, page.limit, ...condition.values],
    });
    return rows.map(toBody);
};
exports.listDeadLetters = listDeadLetters;
const listActions = async (db, source) => {
    const { rows } = await db.query({
        name: 'letter-actions',
        text: `select a.*, c.kind, c.actor, c.note from views.letter_actions a
      left join views.letter_commands c on c.command_id = a.command_id and c.kind <> 'PLAN'
      where a.source_topic = $1 and a.source_partition = $2 and a.source_offset = $3
      order by a."offset" nulls last`,
        values: [source.topic, source.partition, source.offset],
    });
    return rows.map((row) => ({
        command_id: row.command_id,
        kind: row.kind,
        actor: row.actor,
        note: row.note,
        effect: row.effect,
        detail: row.detail,
        at: row.acted_at === null ? null : instant(row.acted_at),
        failed_again: row.failed_at === null
            ? null
            : { at: instant(row.failed_at), reason: row.failed_reason ?? '', detail: row.failed_detail ?? '' },
    }));
};
const findDeadLetter = async (db, source) => {
    const { rows } = await db.query({
        name: 'dead-letter',
        text: `select ${letter_rows_1.letterColumns}, l.value, l.headers, l.decoded from ${letter_rows_1.lettersFrom}
      where l.source_topic = $1 and l.source_partition = $2 and l.source_offset = $3`,
        values: [source.topic, source.partition, source.offset],
    });
    const [row] = rows;
    if (row === undefined)
        return undefined;
    return {
        ...toBody(row),
        value_base64: row.value?.toString('base64') ?? null,
        decoded: row.decoded ?? null,
        headers: row.headers,
        actions: await listActions(db, source),
    };
};
exports.findDeadLetter = findDeadLetter;
/** More kinds of failure than a person tells apart. */
const groupsMax = 200;
/** Groups with the most open letters first. */
const listLetterGroups = async (db, filter) => {
    const condition = (0, letter_rows_1.letterCondition)(filter, 2);
    const { rows } = await db.query({
        text: `with chosen as (
        select l.group_id, l.source_topic, l.source_partition, l.source_offset, l.reason, l.detail, l.key, l.parked_at,
          s.state, row_number() over (partition by l.group_id order by l.parked_at, l.partition, l."offset") as place
        from ${letter_rows_1.lettersFrom} where ${condition.text}),
      counted as (
        select group_id, jsonb_object_agg(state, letters) as states, sum(letters)::bigint as letters,
          coalesce(sum(letters) filter (where state in (${letter_rows_1.openStatesSql})), 0)::bigint as open,
          min(oldest) as oldest, max(newest) as newest
        from (select group_id, state, count(*) as letters, min(parked_at) as oldest, max(parked_at) as newest
          from chosen group by 1, 2) by_state
        group by 1)
      select c.*, f.source_topic as topic, f.reason, f.detail as sample_detail, f.key as sample_key,
        f.source_topic || ':' || f.source_partition || ':' || f.source_offset as sample_id
      from counted c join chosen f on f.group_id = c.group_id and f.place = 1
      order by c.open desc, c.newest desc, c.group_id limit $1`,
        values: [groupsMax, ...condition.values],
    });
    return rows.map((row) => ({
        group: row.group_id,
        topic: row.topic,
        reason: row.reason,
        letters: row.letters,
        open: row.open,
        states: row.states,
        oldest: instant(row.oldest),
        newest: instant(row.newest),
        sample: { id: row.sample_id, key: textOf(row.sample_key), detail: row.sample_detail },
    }));
};
exports.listLetterGroups = listLetterGroups;
//# sourceMappingURL=dead-letter-queries.js.map