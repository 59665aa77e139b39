"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startKafka = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const exchange_1 = require("./exchange");
const java_options_1 = require("./java-options");
const kafka_properties_1 = require("./kafka-properties");
const ports_1 = require("./ports");
const project_root_1 = require("./project-root");
const server_files_1 = require("./server-files");
const server_options_1 = require("./server-options");
const server_process_1 = require("./server-process");
const probeTimeoutMs = 2000;
const formatTimeoutMs = 60_000;
/** One thread collects: with two cores shared by ten processes, the default's concurrent threads cost orders. */
const memory = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:PretenureSizeThreshold=1m'];
const quickCompiler = '-XX:TieredStopAtLevel=1';
/** In one order: Java maps recorded classes only when the jars are named as they were. */
const classPath = (folder) => (0, node_fs_1.readdirSync)(folder)
    .filter((name) => name.endsWith('.jar'))
    .toSorted()
    .map((name) => (0, node_path_1.join)(folder, name))
    .join(node_path_1.delimiter);
/** Metadata version 1 for no topic: size, API key 3, version, correlation id, no client id, an empty array. */
const metadataRequest = Buffer.from([0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0]);
/** The number of brokers in a Metadata answer: it follows the size and the correlation id. */
const brokerCount = (answer) => answer.readInt32BE(8);
const knowsItself = async (port) => {
    const answer = await (0, exchange_1.exchange)(port, metadataRequest, probeTimeoutMs);
    if (answer.length < 12 || brokerCount(answer) < 1)
        throw new Error('the broker knows no broker yet');
};
const loggingFile = () => (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'stack', 'log4j2.properties');
/** A new folder has to be formatted once; a formatted one is left as it is. */
const format = async (java, jars, config, logFile) => {
    const tool = (0, node_child_process_1.spawn)(java, [
        quickCompiler,
        '-XX:+UseSerialGC',
        '-cp',
        `${jars}/*`,
        'kafka.tools.StorageTool',
        'format',
        '--config',
        config,
        '--cluster-id',
        'Zmxhc2gtc2FsZS1sb2NhbA',
        '--ignore-formatted',
    ], { stdio: ['ignore', 'pipe', 'pipe'], timeout: formatTimeoutMs });
    const output = [];
    tool.stdout.on('data', (chunk) => output.push(chunk));
    tool.stderr.on('data', (chunk) => output.push(chunk));
    const code = await new Promise((resolve, reject) => {
        tool.once('error', reject);
        tool.once('close', resolve);
    });
    if (code === 0)
        return;
    (0, node_fs_1.writeFileSync)(logFile, Buffer.concat(output), { flag: 'a' });
    throw new server_process_1.ServerStartError('kafka', 'could not format its data folder', logFile);
};
/**
 * One Kafka broker that is its own KRaft controller. `url` is `host:port` of its main listener.
 * It keeps what it acknowledged through `kill -9`, as the page cache outlives the process.
 */
const startKafka = async (options) => {
    const files = options.files ?? (await (0, server_files_1.fetchServers)());
    const port = await (0, ports_1.claimPort)(options.port, 'KAFKA_PORT');
    const controllerPort = await (0, ports_1.freePort)();
    const logs = (0, node_path_1.join)(options.dataDir, 'log');
    const config = (0, node_path_1.join)(options.dataDir, 'server.properties');
    (0, node_fs_1.mkdirSync)(logs, { recursive: true });
    (0, node_fs_1.mkdirSync)((0, node_path_1.join)(options.logFile, '..'), { recursive: true });
    const properties = (0, kafka_properties_1.kafkaProperties)({
        port,
        controllerPort,
        logs,
        extraListeners: options.extraListeners ?? [],
        settings: options.settings ?? {},
    });
    // It may hold passwords.
    (0, node_fs_1.writeFileSync)(config, properties, { mode: 0o600 });
    if (!(0, node_fs_1.existsSync)((0, node_path_1.join)(logs, 'meta.properties'))) {
        await format(files.java, files.kafka, config, options.logFile);
    }
    return (0, server_process_1.startServer)({
        name: 'kafka',
        command: files.java,
        args: [
            ...memory,
            ...(options.isShortLived === true ? [quickCompiler] : []),
            ...(0, java_options_1.classOptions)(files, 'kafka', options),
            '-XX:+ExitOnOutOfMemoryError',
            `-Dlog4j2.configurationFile=${loggingFile()}`,
            '-cp',
            classPath(files.kafka),
            'kafka.Kafka',
            config,
        ],
        cwd: options.dataDir,
        logFile: options.logFile,
        stopSignal: 'SIGTERM',
        sharesSession: options.sharesSession ?? false,
    }, {
        url: `${ports_1.loopback}:${port}`,
        port,
        timeoutMs: options.timeoutMs ?? server_options_1.startTimeoutMs,
        probe: () => knowsItself(port),
    });
};
exports.startKafka = startKafka;
//# sourceMappingURL=kafka.js.map