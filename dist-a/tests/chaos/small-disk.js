"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountSmallDisk = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
/** @throws Error without the right to mount. */
const mountSmallDisk = (folder, megabytes) => {
    (0, node_fs_1.mkdirSync)(folder, { recursive: true });
    (0, node_child_process_1.execFileSync)('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
    const ballast = (0, node_path_1.join)(folder, 'ballast');
    return {
        fill: () => {
            try {
                (0, node_child_process_1.execFileSync)('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096'], { stdio: 'ignore' });
            }
            catch {
                // It ends with "no space left": that is what it is for.
            }
            const { bavail } = (0, node_fs_1.statfsSync)(folder);
            if (bavail > 0)
                throw new Error(`${folder} has ${bavail} blocks left`);
        },
        free: () => (0, node_fs_1.rmSync)(ballast, { force: true }),
        // Lazily: what still holds a file of it must not keep a run from ending.
        remove: () => void (0, node_child_process_1.execFileSync)('umount', ['--lazy', folder]),
    };
};
exports.mountSmallDisk = mountSmallDisk;
//# sourceMappingURL=small-disk.js.map