"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.commandLines = exports.progressText = exports.planLines = exports.letterDetailLines = exports.groupLines = exports.letterLines = void 0;
const figures_1 = require("../render/figures");
const paint_1 = require("../render/paint");
const table_1 = require("../render/table");
const detailMax = 60;
const short = (text) => {
    const shown = (0, paint_1.harmless)(text);
    return shown.length > detailMax ? `${shown.slice(0, detailMax - 3)}...` : shown;
};
const age = (at, nowMs) => (0, figures_1.duration)(Math.max(0, nowMs - Date.parse(at)));
const letterLines = (letters, nowMs, paint) => {
    if (letters.length === 0)
        return ['No letter.'];
    const columns = ['id', 'state', 'reason', 'key', 'age', 'tried', 'detail'].map((title) => ({ title }));
    return (0, table_1.table)(columns, letters.map((letter) => [
        letter.id,
        letter.state ?? '-',
        letter.reason,
        short(letter.key ?? '-'),
        age(letter.parked_at, nowMs),
        (0, figures_1.count)(letter.attempts),
        short(letter.detail),
    ]), paint);
};
exports.letterLines = letterLines;
const groupLines = (groups, nowMs, paint) => {
    if (groups.length === 0)
        return ['No letter.'];
    const columns = ['group', 'topic', 'reason', 'open', 'all', 'oldest', 'sample'].map((title) => ({ title }));
    return (0, table_1.table)(columns, groups.map((group) => [
        group.group,
        group.topic,
        group.reason,
        (0, figures_1.count)(group.open),
        (0, figures_1.count)(group.letters),
        age(group.oldest, nowMs),
        `${group.sample.id} ${short(group.sample.detail)}`,
    ]), paint);
};
exports.groupLines = groupLines;
const textOfBytes = (base64) => {
    if (base64 === null)
        return '(no value)';
    const bytes = Buffer.from(base64, 'base64');
    return `${bytes.length} bytes: ${bytes.subarray(0, 64).toString('hex')}${bytes.length > 64 ? '...' : ''}`;
};
const letterDetailLines = (letter, paint) => {
    const facts = [
        ['state', letter.state ?? '-'],
        ['reason', letter.reason],
        ['detail', letter.detail],
        ['key', letter.key ?? '-'],
        ['item', letter.item_id ?? '-'],
        ['parked by', letter.consumer],
        ['parked at', (0, figures_1.instant)(letter.parked_at)],
        ['tried', (0, figures_1.count)(letter.attempts)],
        ['group', letter.group ?? '-'],
        ['correlation', letter.correlation_id],
        ['value', textOfBytes(letter.value_base64)],
        [
            'decoded',
            letter.decoded === undefined || letter.decoded === null ? '-' : JSON.stringify(letter.decoded),
        ],
    ];
    const actions = letter.actions ?? [];
    return [
        paint.bold(letter.id),
        ...facts.map(([name, value]) => `  ${name.padEnd(12)} ${(0, paint_1.harmless)(value)}`),
        ...actions.map((action) => (0, paint_1.harmless)(`  ${(0, figures_1.instant)(action.at)}  ${action.kind ?? '?'} by ${action.actor ?? '?'}: ${action.effect ?? 'under way'}` +
            (action.note === null ? '' : ` (${action.note})`))),
    ];
};
exports.letterDetailLines = letterDetailLines;
const pairs = (counts) => Object.entries(counts)
    .map(([name, letters]) => `${name} ${(0, figures_1.count)(letters)}`)
    .join(', ') || '-';
const predictions = {
    redriven: 'would be processed again',
    already_terminal: 'are decided already, nothing changes',
    fails_again: 'would fail again',
    not_open: 'are not open',
};
/** What a dry run predicts, some letters of each class, and how to do exactly that. */
const planLines = (plan, verb, paint) => [
    `${(0, figures_1.count)(plan.letters)} letters, and nothing was done:`,
    ...Object.keys(predictions)
        .filter((name) => plan.predicted[name] > 0)
        .flatMap((name) => [
        `  ${(0, figures_1.count)(plan.predicted[name])} ${predictions[name]}`,
        ...plan.samples[name].map(({ id, detail }) => paint.dim(`    ${id}${detail === null ? '' : ` ${short(detail)}`}`)),
    ]),
    `Exactly these: flash-sale dlq ${verb} --plan ${plan.plan_id}${verb === 'discard' ? ' --note "..."' : ''}`,
];
exports.planLines = planLines;
/** One line of a long redrive. */
const progressText = ({ tried, letters, effects }) => `[${(0, figures_1.bar)(tried, letters, 30)}] ${(0, figures_1.count)(tried)} of ${(0, figures_1.count)(letters)} letters  ${pairs(effects)}`;
exports.progressText = progressText;
const commandLines = (command) => [
    `${command.kind} ${command.command_id}: ${command.state}, ${(0, figures_1.count)(command.tried)} of ${(0, figures_1.count)(command.letters)} letters tried`,
    `  effects: ${pairs(command.effects)}`,
    `  letters now: ${pairs(command.states)}`,
];
exports.commandLines = commandLines;
//# sourceMappingURL=letter-lines.js.map