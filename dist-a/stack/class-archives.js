"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.makeClassArchives = void 0;
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const kafka_1 = require("./kafka");
const java_options_1 = require("./java-options");
const registry_1 = require("./registry");
const starters = { kafka: kafka_1.startKafka, registry: registry_1.startRegistry };
/** A JVM writes its classes after it was asked to stop: 1 s of work, and `kill` waits 15 s each time. */
const stopAttemptsMax = 6;
const stopAndWrite = async (server) => {
    for (let attempt = 1; attempt < stopAttemptsMax; attempt += 1) {
        const hasEnded = await server.kill('SIGTERM').then(() => true, () => false);
        if (hasEnded)
            return;
    }
    await server.stop();
};
const record = async (name, files, folder) => {
    const archive = (0, java_options_1.classArchive)(files, name);
    const partial = `${archive}-${process.pid}`;
    (0, node_fs_1.mkdirSync)((0, node_path_1.dirname)(archive), { recursive: true });
    const server = await starters[name]({
        port: 0,
        dataDir: (0, node_path_1.join)(folder, name),
        logFile: (0, node_path_1.join)(folder, `${name}.log`),
        files,
        recordClassesTo: partial,
    });
    await stopAndWrite(server);
    // Another run may have been faster; its archive is as good.
    if ((0, node_fs_1.existsSync)(partial))
        (0, node_fs_1.renameSync)(partial, archive);
};
/**
 * Runs Kafka and the registry once to write down the classes that they load, so that every later start maps them
 * instead of parsing them: 2.6 to 4 s of CPU less for the two. A failure costs only that.
 */
const makeClassArchives = async (files, report) => {
    const missing = ['kafka', 'registry'].filter((name) => !(0, node_fs_1.existsSync)((0, java_options_1.classArchive)(files, name)));
    if (missing.length === 0)
        return;
    report('Recording the classes of Kafka and the registry (once), so that they start faster');
    const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)((0, node_os_1.tmpdir)(), 'flash-sale-classes-'));
    try {
        await Promise.all(missing.map((name) => record(name, files, folder)));
    }
    catch (error) {
        report(`Their classes could not be recorded: ${error instanceof Error ? error.message : String(error)}`);
    }
    finally {
        (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
    }
};
exports.makeClassArchives = makeClassArchives;
//# sourceMappingURL=class-archives.js.map