"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openJournal = exports.readEntries = void 0;
const node_fs_1 = require("node:fs");
const lineOf = (entry) => `${JSON.stringify(entry)}\n`;
/** A last line that a kill cut short is left out: its caller was not answered. */
const readEntries = (text) => text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
exports.readEntries = readEntries;
const memoryJournal = () => {
    const lines = [];
    return {
        append: (entry) => void lines.push(lineOf(entry)),
        text: () => lines.join(''),
        close: () => undefined,
    };
};
const fileJournal = (file) => {
    const earlier = (0, node_fs_1.existsSync)(file) ? (0, node_fs_1.readFileSync)(file, 'utf8') : '';
    const descriptor = (0, node_fs_1.openSync)(file, 'a');
    if (earlier !== '' && !earlier.endsWith('\n'))
        (0, node_fs_1.writeSync)(descriptor, '\n');
    return {
        append: (entry) => void (0, node_fs_1.writeSync)(descriptor, lineOf(entry)),
        text: () => (0, node_fs_1.readFileSync)(file, 'utf8'),
        close: () => (0, node_fs_1.closeSync)(descriptor),
    };
};
const openJournal = (file) => file === undefined ? memoryJournal() : fileJournal(file);
exports.openJournal = openJournal;
//# sourceMappingURL=journal.js.map