"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.findPrometheusTool = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const works = (command, args, cwd) => {
    const run = (0, node_child_process_1.spawnSync)(command, args, { cwd, stdio: 'ignore', timeout: 120_000 });
    return !run.error && run.status === 0;
};
/** Debian's and Ubuntu's package holds both; unpacking it needs no root and installs nothing. */
const fromDebian = (tools) => {
    const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)(tools, 'fetch-'));
    try {
        if (!works('apt-get', ['download', '-q', 'prometheus'], folder))
            return false;
        const [archive] = (0, node_fs_1.readdirSync)(folder).filter((file) => file.endsWith('.deb'));
        if (archive === undefined || !works('dpkg-deb', ['-x', archive, 'unpacked'], folder))
            return false;
        for (const tool of ['prometheus', 'promtool']) {
            (0, node_fs_1.copyFileSync)((0, node_path_1.join)(folder, 'unpacked/usr/bin', tool), (0, node_path_1.join)(tools, tool));
        }
        return true;
    }
    finally {
        (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
    }
};
/** The tool of the PATH, else of `tools`, where it is put once if the machine has Debian's packages; else undefined. */
const findPrometheusTool = (tool, tools) => {
    if (works(tool, ['--version']))
        return tool;
    (0, node_fs_1.mkdirSync)(tools, { recursive: true });
    const target = (0, node_path_1.join)(tools, tool);
    return (0, node_fs_1.existsSync)(target) || fromDebian(tools) ? target : undefined;
};
exports.findPrometheusTool = findPrometheusTool;
//# sourceMappingURL=prometheus-tools.js.map