"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stageHead = exports.stageLine = exports.stagesOf = void 0;
const reads_1 = require("../query-api/reads");
/**
 * Where the time of an order goes. All clocks are of this machine; those of the broker and ours are in whole
 * milliseconds, so a stage is right to one of them.
 */
const stagesOf = async (pool, bought, prefix) => {
    const { rows } = await pool.query(`select request_id, request_appended_at, outcome_appended_at from views.orders
     where request_id like $1 and outcome_appended_at is not null`, [`${prefix}-%`]);
    const times = new Map(rows.map((row) => [row.request_id, row]));
    const known = bought.flatMap((one) => {
        const row = times.get(one.id);
        return row ? [{ ...one, row }] : [];
    });
    return [
        { name: 'press to 202', took: known.map(({ acceptMs }) => acceptMs) },
        {
            name: 'request in the log to outcome in the log',
            took: known.map(({ row }) => row.outcome_appended_at - row.request_appended_at),
        },
        {
            name: 'outcome in the log to the answer',
            took: known.map(({ row, seenAt }) => seenAt - row.outcome_appended_at),
        },
        { name: '202 to the terminal answer', took: known.map(({ terminalMs }) => terminalMs) },
    ];
};
exports.stagesOf = stagesOf;
const stageLine = ({ name, took }) => [
    name.padEnd(42),
    ...[0.5, 0.9, 0.99, 0.999].map((share) => (0, reads_1.percentileOf)(took, share).toFixed(0).padStart(6)),
].join('');
exports.stageLine = stageLine;
exports.stageHead = `${'milliseconds'.padEnd(42)}   p50   p90   p99 p99.9`;
//# sourceMappingURL=stages.js.map