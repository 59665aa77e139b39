"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.removeAbandonedFolders = exports.temporaryFolder = void 0;
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const prefix = 'flash-sale-test-';
/**
 * A new temporary folder that other users may enter (mode 711), because a test run by root starts PostgreSQL as
 * another user. The name holds this process's id.
 */
const temporaryFolder = () => {
    const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), `${prefix}${process.pid}-`));
    (0, node_fs_1.chmodSync)(folder, 0o711);
    return folder;
};
exports.temporaryFolder = temporaryFolder;
const alive = (pid) => {
    try {
        process.kill(pid, 0);
        return true;
    }
    catch {
        return false;
    }
};
/** Removes the folders of test runs that were killed before they could. */
const removeAbandonedFolders = () => {
    for (const name of (0, node_fs_1.readdirSync)((0, node_os_1.tmpdir)())) {
        const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
        if (pid !== undefined && !alive(Number(pid))) {
            (0, node_fs_1.rmSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), name), { recursive: true, force: true });
        }
    }
};
exports.removeAbandonedFolders = removeAbandonedFolders;
//# sourceMappingURL=temporary-folder.js.map