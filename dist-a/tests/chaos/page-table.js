"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.table = exports.cell = void 0;
/** Text that stays within its cell. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
exports.cell = cell;
const row = (cells) => `| ${cells.map(exports.cell).join(' | ')} |`;
/** A Markdown table. */
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
exports.table = table;
//# sourceMappingURL=page-table.js.map