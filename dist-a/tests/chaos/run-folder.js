"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createRunFolder = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const finished = (stream) => new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.end(() => resolve());
});
/** A run of the same scenario and seed takes the place of an earlier one, whose payments would count as its own. */
const createRunFolder = (path) => {
    (0, node_fs_1.rmSync)(path, { recursive: true, force: true });
    (0, node_fs_1.mkdirSync)(path, { recursive: true });
    const open = (name) => (0, node_fs_1.createWriteStream)((0, node_path_1.join)(path, `${name}.jsonl`));
    const streams = {
        history: open('history'),
        timeline: open('timeline'),
        exits: open('exits'),
        audits: open('audits'),
        resources: open('resources'),
    };
    let closing;
    return {
        path,
        append: (name, line) => {
            if (closing === undefined)
                streams[name].write(`${JSON.stringify(line)}\n`);
        },
        write: (name, content) => (0, node_fs_1.writeFileSync)((0, node_path_1.join)(path, name), `${JSON.stringify(content, null, 1)}\n`),
        close: () => (closing ??= Promise.all(Object.values(streams).map(finished)).then(() => undefined)),
    };
};
exports.createRunFolder = createRunFolder;
//# sourceMappingURL=run-folder.js.map