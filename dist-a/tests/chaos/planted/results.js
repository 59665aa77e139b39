"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readPlanted = exports.readPlantedLines = exports.plantedFile = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
exports.plantedFile = 'planted.jsonl';
/** Every hunt into this folder. */
const readPlantedLines = (folder) => {
    const file = (0, node_path_1.join)(folder, exports.plantedFile);
    if (!(0, node_fs_1.existsSync)(file))
        return [];
    return (0, node_fs_1.readFileSync)(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
};
exports.readPlantedLines = readPlantedLines;
/** The newest result of each bug that was hunted into this folder. */
const readPlanted = (folder) => {
    const lines = (0, exports.readPlantedLines)(folder).toSorted((one, other) => one.at - other.at);
    return [...new Map(lines.map((line) => [line.name, line])).values()];
};
exports.readPlanted = readPlanted;
//# sourceMappingURL=results.js.map