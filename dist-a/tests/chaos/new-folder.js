"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.newFolder = void 0;
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
/** For what runs leave behind. PostgreSQL runs as another user when this one is root, and must be able to enter. */
const newFolder = () => {
    const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), 'flash-sale-chaos-'));
    (0, node_fs_1.chmodSync)(folder, 0o711);
    return folder;
};
exports.newFolder = newFolder;
//# sourceMappingURL=new-folder.js.map