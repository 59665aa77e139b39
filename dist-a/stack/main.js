"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const cli_1 = require("./cli");
const project_root_1 = require("./project-root");
// What the shell has set comes first, as with docker compose.
const file = (0, node_path_1.join)((0, project_root_1.projectRoot)(), '.env');
if ((0, node_fs_1.existsSync)(file))
    process.loadEnvFile(file);
(0, cli_1.runCli)(process.argv.slice(2), process.env).then(() => undefined, (error) => {
    // Failures of the launcher explain themselves; a stack trace would bury the line that says what to do.
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
});
//# sourceMappingURL=main.js.map