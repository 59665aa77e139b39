"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.projectRoot = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
/** The folder with package.json, from the sources as well as from dist/. */
const projectRoot = () => {
    let folder = __dirname;
    while (!(0, node_fs_1.existsSync)((0, node_path_1.join)(folder, 'package.json'))) {
        const parent = (0, node_path_1.dirname)(folder);
        if (parent === folder)
            throw new Error(`No package.json above ${__dirname}`);
        folder = parent;
    }
    return folder;
};
exports.projectRoot = projectRoot;
//# sourceMappingURL=project-root.js.map