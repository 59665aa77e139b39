"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.classOptions = exports.classArchive = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
/** Where the classes of a server are kept as this Java maps them; see class-archives.ts. */
const classArchive = (files, name) => (0, node_path_1.join)(files.classes, `${name}.jsa`);
exports.classArchive = classArchive;
/** Java looks whether the archive is of itself and of these jars, and does without where it is not. */
const classOptions = (files, name, { recordClassesTo }) => {
    if (recordClassesTo !== undefined)
        return [`-XX:ArchiveClassesAtExit=${recordClassesTo}`];
    const archive = (0, exports.classArchive)(files, name);
    return (0, node_fs_1.existsSync)(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [];
};
exports.classOptions = classOptions;
//# sourceMappingURL=java-options.js.map