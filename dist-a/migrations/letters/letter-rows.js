"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openStatesSql = exports.letterCondition = exports.letterColumns = exports.lettersFrom = void 0;
const letter_filter_1 = require("./letter-filter");
/**
 * The last thing that was done to a letter. What a redriven record failed with may be known before the command has said
 * that it was redriven: such a row has no place yet and is the last one.
 */
const lastAction = `left join lateral (
  select a.* from views.letter_actions a
  where a.source_topic = l.source_topic and a.source_partition = l.source_partition
    and a.source_offset = l.source_offset and a.effect is distinct from 'NOT_OPEN'
  order by a."offset" desc nulls first limit 1) a on true`;
/** A redriven letter is resolved when what it asks for is decided, whoever asked first. */
const decided = `(
  exists (select from views.orders o where o.request_id = a.subject and o.outcome_offset is not null)
  or exists (select from views.item_commands c where c.command_id = a.subject and l.source_topic = 'stock-adjustments'))`;
const state = `case
  when a.command_id is null then 'PARKED'
  when a.effect = 'DISCARDED' then 'DISCARDED'
  when a.failed_at is not null or a.effect = 'FAILED_AGAIN' then 'FAILED_AGAIN'
  when a.effect = 'ALREADY_TERMINAL' or ${decided} then 'RESOLVED'
  else 'REDRIVEN' end`;
/** Every letter with its state: `l`, the letter, `a`, its last action, `s.state`. */
exports.lettersFrom = `views.dead_letters l ${lastAction} cross join lateral (select ${state} as state) s`;
/** The columns of a LetterRow. */
exports.letterColumns = `l.source_topic, l.source_partition, l.source_offset, l.partition, l."offset", l.key, l.reason,
  l.detail, l.consumer, l.attempts, l.correlation_id, l.failed_at, l.parked_at, l.group_id, l.item_id, l.copies,
  coalesce(a.subject, l.subject) as subject, octet_length(l.value) as value_bytes, s.state, a.command_id, a.effect,
  (select count(*) from views.letter_actions r
    where r.source_topic = l.source_topic and r.source_partition = l.source_partition
      and r.source_offset = l.source_offset
      and (r.effect is null or r.effect in ('APPENDED', 'FAILED_AGAIN'))) as redrives,
  a.detail as effect_detail,
  coalesce(a.failed_at, case when a.effect = 'FAILED_AGAIN' then a.acted_at end, l.failed_at) as last_failed_at,
  coalesce(a.failed_reason, l.reason) as last_reason,
  coalesce(a.failed_detail, case when a.effect = 'FAILED_AGAIN' then a.detail end, l.detail) as last_detail`;
/** A condition on `lettersFrom` with its parameters, which begin at `$first`. */
const letterCondition = (filter, first) => {
    const values = [];
    const parameter = (value) => `$${first + values.push(value) - 1}`;
    const conditions = [];
    const equal = (column, value) => {
        if (value !== undefined)
            conditions.push(`${column} = ${parameter(value)}`);
    };
    equal('l.reason', filter.reason);
    equal('l.group_id', filter.group);
    equal('l.item_id', filter.item);
    equal('l.source_topic', filter.topic);
    if (filter.key !== undefined) {
        const [bytes, text] = [parameter(Buffer.from(filter.key, 'utf8')), parameter(filter.key)];
        conditions.push(`(l.key = ${bytes}::bytea or coalesce(a.subject, l.subject) = ${text})`);
    }
    if (filter.fromMs !== undefined)
        conditions.push(`l.parked_at >= ${parameter(filter.fromMs)}::bigint`);
    if (filter.toMs !== undefined)
        conditions.push(`l.parked_at < ${parameter(filter.toMs)}::bigint`);
    if (filter.states !== undefined)
        conditions.push(`s.state = any(${parameter(filter.states)}::text[])`);
    return { text: conditions.length === 0 ? 'true' : conditions.join(' and '), values };
};
exports.letterCondition = letterCondition;
/** SQL list of the open states. */
exports.openStatesSql = letter_filter_1.openStates.map((name) => `'${name}'`).join(', ');
//# sourceMappingURL=letter-rows.js.map