"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.table = void 0;
const paint_1 = require("./paint");
const gap = '  ';
/** Lines of a table: a dim head, every column as wide as its widest cell. Numbers read best with `align: 'right'`. */
const table = (columns, rows, paint) => {
    const widths = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => (0, paint_1.widthOf)(row[at] ?? ''))));
    const line = (cells) => columns
        .map(({ align }, at) => (align === 'right' ? paint_1.padStart : paint_1.padEnd)(cells[at] ?? '', widths[at] ?? 0))
        .join(gap)
        .trimEnd();
    return [paint.dim(line(columns.map(({ title }) => title))), ...rows.map(line)];
};
exports.table = table;
//# sourceMappingURL=table.js.map