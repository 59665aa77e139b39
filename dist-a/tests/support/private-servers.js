"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.privateServers = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const postgres_1 = require("../../stack/postgres");
const temporary_folder_1 = require("./temporary-folder");
const privateServers = () => {
    const folder = (0, temporary_folder_1.temporaryFolder)();
    const kept = [];
    const places = new Set();
    return {
        place(name, port = 0) {
            const dataDir = (0, node_path_1.join)(folder, name);
            places.add(dataDir);
            return { port, dataDir, logFile: (0, node_path_1.join)(folder, `${name}.log`), isShortLived: true };
        },
        async keep(starting) {
            const server = await starting;
            kept.push(server);
            return server;
        },
        async remove() {
            await Promise.allSettled(kept.map((server) => server.stop()));
            places.forEach(postgres_1.removePostgresData);
            (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
        },
    };
};
exports.privateServers = privateServers;
//# sourceMappingURL=private-servers.js.map