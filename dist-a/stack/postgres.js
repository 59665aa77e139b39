"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.removePostgresData = exports.startPostgres = exports.postgresName = void 0;
const node_fs_1 = require("node:fs");
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
const pg_1 = require("pg");
const ports_1 = require("./ports");
const postgres_home_1 = require("./postgres-home");
const server_files_1 = require("./server-files");
const server_options_1 = require("./server-options");
const server_process_1 = require("./server-process");
/** User, password and database of the local stack; it listens on loopback only. */
exports.postgresName = 'flash_sale';
const probeTimeoutMs = 2000;
const initTimeoutMs = 60_000;
const databaseUrl = (port, database) => `postgres://${exports.postgresName}:${exports.postgresName}@${ports_1.loopback}:${port}/${database}`;
const withClient = async (url, work) => {
    const client = new pg_1.Client({
        connectionString: url,
        connectionTimeoutMillis: probeTimeoutMs,
        query_timeout: probeTimeoutMs,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
        await work(client);
    }
    finally {
        await client.end();
    }
};
/** The probe makes the database as well: the first answer that it exists is the first moment it can be used. */
const answersQuery = async (port) => withClient(databaseUrl(port, 'postgres'), async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [exports.postgresName]);
    if (found.rowCount === 0)
        await client.query(`CREATE DATABASE ${exports.postgresName}`);
});
const initialize = (home, identity, logFile) => {
    const passwordFile = `${home.dataDir}.password`;
    (0, node_fs_1.writeFileSync)(passwordFile, exports.postgresName, { mode: 0o600 });
    if (identity.uid !== undefined)
        (0, node_fs_1.chownSync)(passwordFile, identity.uid, identity.gid ?? identity.uid);
    const run = (0, node_child_process_1.spawnSync)((0, node_path_1.join)(home.programs, 'bin', 'initdb'), [
        '--pgdata',
        home.dataDir,
        '--username',
        exports.postgresName,
        '--pwfile',
        passwordFile,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-locale',
        '--no-sync',
        '--no-instructions',
    ], { ...identity, cwd: home.dataDir, encoding: 'utf8', timeout: initTimeoutMs });
    (0, node_fs_1.rmSync)(passwordFile);
    if (run.status === 0)
        return;
    (0, node_fs_1.rmSync)(home.dataDir, { recursive: true });
    (0, node_fs_1.writeFileSync)(logFile, `${run.error?.message ?? ''}${run.stdout}${run.stderr}`, { flag: 'a' });
    throw new server_process_1.ServerStartError('postgres', 'could not make its data folder', logFile);
};
/**
 * PostgreSQL with one database, `flash_sale`. It refuses to run as root, so root starts it as `nobody`: see
 * postgres-home.ts for where its files are then.
 */
const startPostgres = async (options) => {
    const files = options.files ?? (await (0, server_files_1.fetchServers)());
    const port = await (0, ports_1.claimPort)(options.port, 'POSTGRES_PORT');
    const identity = (0, postgres_home_1.serverIdentity)();
    const home = (0, postgres_home_1.homeFor)(identity, files.postgres, options.dataDir);
    (0, node_fs_1.mkdirSync)((0, node_path_1.join)(options.logFile, '..'), { recursive: true });
    if (!(0, node_fs_1.existsSync)((0, node_path_1.join)(home.dataDir, 'PG_VERSION')))
        initialize(home, identity, options.logFile);
    const settings = {
        listen_addresses: ports_1.loopback,
        // No socket file: its default folder belongs to the distribution's own server.
        unix_socket_directories: '',
        max_connections: '200',
        ...options.settings,
    };
    return (0, server_process_1.startServer)({
        name: 'postgres',
        command: (0, node_path_1.join)(home.programs, 'bin', 'postgres'),
        args: [
            '-D',
            home.dataDir,
            '-p',
            String(port),
            ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        cwd: home.dataDir,
        ...identity,
        logFile: options.logFile,
        // SIGINT is its fast shutdown; SIGTERM would wait for every client to leave.
        stopSignal: 'SIGINT',
        sharesSession: options.sharesSession ?? false,
    }, {
        url: databaseUrl(port, exports.postgresName),
        port,
        timeoutMs: options.timeoutMs ?? server_options_1.startTimeoutMs,
        probe: () => answersQuery(port),
    });
};
exports.startPostgres = startPostgres;
/** Removes a data folder, wherever it is for the user who runs this. */
const removePostgresData = (dataDir) => (0, postgres_home_1.removeHome)(dataDir);
exports.removePostgresData = removePostgresData;
//# sourceMappingURL=postgres.js.map