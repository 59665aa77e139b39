"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.serverVersions = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const firstNumber = (text) => /\d+(\.\d+)+/.exec(text)?.[0] ?? 'unknown';
const asked = (command) => firstNumber((0, node_child_process_1.spawnSync)(command, ['--version'], { encoding: 'utf8', timeout: 10_000 }).stdout);
/** `Kafka 4.1.0, …`: what the programs and the names of their files say. */
const serverVersions = ({ kafka, registry, redis, postgres }) => {
    const broker = (0, node_fs_1.readdirSync)(kafka).find((name) => name.startsWith('kafka-clients-')) ?? '';
    return [
        `Kafka ${firstNumber(broker)}`,
        `Apicurio Registry ${firstNumber((0, node_path_1.basename)(registry))}`,
        `Redis ${asked(redis)}`,
        `PostgreSQL ${asked((0, node_path_1.join)(postgres, 'bin', 'postgres'))}`,
    ].join(', ');
};
exports.serverVersions = serverVersions;
//# sourceMappingURL=server-versions.js.map