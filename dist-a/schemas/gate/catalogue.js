"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.catalogue = void 0;
const events_1 = require("../events");
const history_1 = require("../history");
const topics_1 = require("../topics");
const avro_tree_1 = require("./avro-tree");
/** An underscore within a word is plain text to Markdown; one at its edge begins emphasis. */
const escape = (text) => text
    .replaceAll('|', '\\|')
    .replaceAll('<', '\\<')
    .replaceAll(/(?<!\w)_|_(?!\w)/g, '\\_');
/** Columns padded to their widest cell, as prettier would. */
const table = (head, rows) => {
    const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
    const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
};
const documented = (version) => version.schema;
const fieldsOf = (version) => {
    const node = (0, avro_tree_1.parseAvro)(version.schema);
    return node.kind === 'record' ? node.fields : [];
};
const enumsIn = (node) => {
    if (node.kind === 'enum')
        return [node];
    return node.kind === 'union' ? node.branches.flatMap(enumsIn) : [];
};
const symbolsOf = (field) => enumsIn(field.node).flatMap(({ symbols }) => symbols);
const typeText = (field) => {
    const symbols = symbolsOf(field);
    return (0, avro_tree_1.describe)(field.node) + (symbols.length === 0 ? '' : `: ${symbols.join(', ')}`);
};
const addedIn = (before, version) => {
    const earlier = fieldsOf(before);
    return fieldsOf(version).flatMap((field) => {
        const was = earlier.find(({ name }) => name === field.name);
        if (!was)
            return [`adds \`${field.name}\`; older records read ${field.defaultText ?? 'nothing'}`];
        const gained = symbolsOf(field).filter((symbol) => !symbolsOf(was).includes(symbol));
        return gained.length === 0
            ? []
            : [`\`${field.name}\` gains ${gained.map((it) => `\`${it}\``).join(', ')}`];
    });
};
const removedIn = (before, version) => fieldsOf(before)
    .filter(({ name }) => !fieldsOf(version).some((field) => field.name === name))
    .map(({ name }) => `no longer writes \`${name}\``);
const changesIn = (before, version) => {
    if (!before)
        return 'first published';
    const changes = [...addedIn(before, version), ...removedIn(before, version)];
    return changes.length === 0 ? 'documentation only' : changes.join('; ');
};
const log = (versions) => versions
    .map((version, index) => `- v${version.version}: ${changesIn(versions[index - 1], version)}`)
    .join('\n');
const topicsOf = (eventType, topics) => topics
    .filter(({ eventTypes: types }) => types.includes(eventType))
    .map(({ name }) => `\`${name}\``)
    .join(', ');
const section = (eventType, versions, topics) => {
    const newest = versions.at(-1);
    if (!newest)
        return [];
    const record = documented(newest);
    const fields = fieldsOf(newest).map((field) => {
        const doc = record.fields.find(({ name }) => name === field.name)?.doc ?? '';
        return [`\`${field.name}\``, escape(typeText(field)), escape(doc)];
    });
    return [
        `## ${eventType}`,
        escape(record.doc ?? ''),
        `Record \`${(0, history_1.fullName)(eventType)}\`, version ${newest.version}, on ${topicsOf(eventType, topics)}.`,
        table(['field', 'type', 'meaning'], fields),
        log(versions),
    ];
};
const preamble = [
    '# Events',
    'Generated from `schemas/` by `node dist/schemas/gate/main.js --release`; a test fails when it is stale.',
    'Every value is an Avro body behind Confluent framing: byte 0, the schema id as four bytes, big-endian, the body. The subject ' +
        'of a schema is `<topic>-<record name>`, its compatibility FULL_TRANSITIVE. Readers see the newest shape of every record, ' +
        'however old; how to change one is in [how-to/evolve-an-event.md](how-to/evolve-an-event.md).',
    'Headers are those of CloudEvents in binary mode (`ce_specversion`, `ce_id`, `ce_type`, `ce_source`, `content-type`, and its ' +
        'correlation extension `ce_correlationid`, `ce_causationid`), and `traceparent` where there is a trace. Two records with one ' +
        '`ce_id` are two copies of one event.',
];
/** The page as Markdown, formatted as prettier formats it. */
const catalogue = (history, golden, topics = Object.values(topics_1.topics)) => {
    const isReleased = ({ eventType, version }) => golden.some((it) => it.eventType === eventType && it.version === version);
    const sections = events_1.eventTypes.flatMap((eventType) => section(eventType, history[eventType].filter(isReleased), topics));
    return `${[...preamble, ...sections].join('\n\n')}\n`;
};
exports.catalogue = catalogue;
//# sourceMappingURL=catalogue.js.map