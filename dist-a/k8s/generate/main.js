"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const project_root_1 = require("../../stack/project-root");
const files_1 = require("./files");
const root = (0, project_root_1.projectRoot)();
for (const [path, content] of (0, files_1.generatedFiles)(root)) {
    (0, node_fs_1.mkdirSync)((0, node_path_1.dirname)((0, node_path_1.join)(root, path)), { recursive: true });
    (0, node_fs_1.writeFileSync)((0, node_path_1.join)(root, path), content);
    console.log(`wrote ${path}`);
}
//# sourceMappingURL=main.js.map