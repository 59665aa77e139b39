"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startRegistry = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const java_options_1 = require("./java-options");
const ports_1 = require("./ports");
const server_files_1 = require("./server-files");
const server_options_1 = require("./server-options");
const server_process_1 = require("./server-process");
const probeTimeoutMs = 2000;
const answersSubjects = async (url) => {
    const answer = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(probeTimeoutMs) });
    if (!answer.ok)
        throw new Error(`the registry says ${answer.status}`);
};
/**
 * Apicurio Registry, of which only the Confluent-compatible API is used: `url` is that API's base.
 * Its schemas live in an H2 file, because a registry that forgets its ids makes every record in Kafka unreadable.
 */
const startRegistry = async (options) => {
    const files = options.files ?? (await (0, server_files_1.fetchServers)());
    const port = await (0, ports_1.claimPort)(options.port, 'SCHEMA_REGISTRY_PORT');
    (0, node_fs_1.mkdirSync)(options.dataDir, { recursive: true });
    const url = `http://${ports_1.loopback}:${port}/apis/ccompat/v7`;
    return (0, server_process_1.startServer)({
        name: 'schema-registry',
        command: files.java,
        args: [
            '-Xmx256m',
            '-XX:+UseSerialGC',
            '-XX:TieredStopAtLevel=1',
            ...(0, java_options_1.classOptions)(files, 'registry', options),
            `-Dquarkus.http.host=${ports_1.loopback}`,
            `-Dquarkus.http.port=${port}`,
            // H2 writes 0.5 s after the commit by default, and a kill -9 takes back what was answered in that time.
            `-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${(0, node_path_1.join)(options.dataDir, 'registry')};WRITE_DELAY=0`,
            // Its default is 20 connections opened at start, for a database of a dozen schemas.
            '-Dquarkus.datasource.jdbc.initial-size=1',
            '-Dquarkus.datasource.jdbc.min-size=1',
            '-Dquarkus.datasource.jdbc.max-size=10',
            '-jar',
            files.registry,
        ],
        cwd: options.dataDir,
        logFile: options.logFile,
        stopSignal: 'SIGTERM',
        sharesSession: options.sharesSession ?? false,
    }, {
        url,
        port,
        timeoutMs: options.timeoutMs ?? server_options_1.startTimeoutMs,
        probe: () => answersSubjects(url),
    });
};
exports.startRegistry = startRegistry;
//# sourceMappingURL=registry.js.map