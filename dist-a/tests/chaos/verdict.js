"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.judge = exports.collect = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
/** Half a million orders take 8 minutes and 8 GB. */
const timeoutMs = 1_800_000;
const python = (checker, args) => new Promise((resolve, reject) => {
    const child = (0, node_child_process_1.spawn)('python3', [checker, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: timeoutMs,
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
});
/** Has the checker read the system as it is now into the run's folder, by its own readers. */
const collect = async (checker, system, folder) => {
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL, DATABASE_URL } = system.direct;
    const { code, output } = await python(checker, [
        'collect',
        folder.path,
        ...['--brokers', KAFKA_BROKERS],
        ...['--registry', SCHEMA_REGISTRY_URL],
        ...['--redis', REDIS_URL],
        ...['--postgres', DATABASE_URL],
        ...['--journal', system.journalFile],
        ...['--sale-id', system.saleId],
        '--at-rest',
    ]);
    if (code !== 0)
        throw new Error(`the checker could not read the system:\n${output}`);
};
exports.collect = collect;
/** Has the checker judge the folder. */
const judge = async (checker, folder) => {
    const file = (0, node_path_1.join)(folder, 'verdict.json');
    const { code, output } = await python(checker, ['check', folder, '--json', file]);
    if (code !== 0 && code !== 1 && code !== 2)
        throw new Error(`the checker failed:\n${output}`);
    return { verdict: JSON.parse((0, node_fs_1.readFileSync)(file, 'utf8')), text: output };
};
exports.judge = judge;
//# sourceMappingURL=verdict.js.map