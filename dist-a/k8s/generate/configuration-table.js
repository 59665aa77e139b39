"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.withConfigurationTables = void 0;
const config_1 = require("../../chassis/config");
const settings_1 = require("../../stack/settings");
const processes_1 = require("./processes");
const cell = (text) => text.replaceAll('|', '\\|');
/** A Markdown table as prettier lays it out: every column as wide as its widest cell. */
const table = (head, rows) => {
    const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
    const line = (row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
};
const usagesByName = () => {
    const found = new Map();
    for (const [process, settings] of Object.entries(processes_1.processes)) {
        for (const { name, default: standard, description, secret } of (0, config_1.describeSettings)(settings)) {
            const meaning = secret ? `${description} (secret)` : description;
            const usage = { process, standard: standard === '' ? 'unset' : standard, meaning };
            found.set(name, [...(found.get(name) ?? []), usage]);
        }
    }
    return found;
};
/** One default for all, or each process' own where they differ, as ports do. */
const standardOf = (usages) => {
    const different = new Set(usages.map(({ standard }) => standard));
    if (different.size === 1)
        return `\`${[...different].join('')}\``;
    return usages.map(({ process, standard }) => `\`${standard}\` ${process}`).join(', ');
};
const serviceRows = () => [...usagesByName()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, usages]) => [
    `\`${name}\``,
    cell(standardOf(usages)),
    usages.length === Object.keys(processes_1.processes).length
        ? 'all'
        : usages.map(({ process }) => process).join(', '),
    cell(usages[0]?.meaning ?? ''),
]);
const launcherRows = () => (0, config_1.describeSettings)(settings_1.stackSettings).map(({ name, default: standard, description }) => [
    `\`${name}\``,
    cell(`\`${standard}\``),
    cell(description),
]);
const begin = '<!-- configuration -->';
const end = '<!-- /configuration -->';
/** `document` with the tables of all settings between its two marks. @throws Error when it has no marks. */
const withConfigurationTables = (document) => {
    const [before, rest] = document.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined)
        throw new Error('The document has no marks for the configuration');
    const services = table(['setting', 'default', 'read by', 'meaning'], serviceRows());
    const launcher = table(['setting', 'default', 'meaning'], launcherRows());
    return `${before}${begin}

${services}

\`make up\` and its like read these besides, and hand everything else on to the services:

${launcher}

${end}${after}`;
};
exports.withConfigurationTables = withConfigurationTables;
//# sourceMappingURL=configuration-table.js.map