"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.fetchServers = exports.platformName = void 0;
const node_child_process_1 = require("node:child_process");
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const maven_1 = require("./maven");
const project_root_1 = require("./project-root");
const tools_1 = require("./tools");
const systems = { linux: 'linux', darwin: 'darwin' };
const processors = { x64: 'amd64', arm64: 'arm64' };
/** `linux-amd64` and its like, as the archives are named. */
const platformName = (platform, arch) => {
    const system = systems[platform];
    const processor = processors[arch];
    if (system === undefined || processor === undefined) {
        throw new Error(`No servers for ${platform} on ${arch}: use STACK=docker or STACK=external.`);
    }
    return `${system}-${processor}`;
};
exports.platformName = platformName;
/** The publisher of the PostgreSQL archives writes arm64v8 for every 64-bit ARM. */
const postgresPlatform = (platform) => platform.replace(/arm64$/, 'arm64v8');
const partialPattern = /^partial-(\d+)$/;
const alive = (pid) => {
    try {
        process.kill(pid, 0);
        return true;
    }
    catch {
        return false;
    }
};
const removeAbandoned = (servers) => {
    for (const name of (0, node_fs_1.readdirSync)(servers)) {
        const pid = partialPattern.exec(name)?.[1];
        if (pid !== undefined && !alive(Number(pid)))
            (0, node_fs_1.rmSync)((0, node_path_1.join)(servers, name), { recursive: true });
    }
};
const unpackPostgres = (folder) => {
    const archive = (0, node_path_1.join)(folder, 'postgres.tar');
    const tar = (0, node_child_process_1.spawnSync)('tar', ['-xof', archive, '-C', folder], { encoding: 'utf8' });
    if (tar.status !== 0) {
        throw new Error(`The PostgreSQL archive does not unpack: ${tar.error?.message ?? tar.stderr}`);
    }
    (0, node_fs_1.rmSync)(archive);
};
const only = (folder, ending) => {
    const name = (0, node_fs_1.readdirSync)(folder).find((file) => file.endsWith(ending));
    if (name === undefined)
        throw new Error(`No file *${ending} in ${folder}`);
    return (0, node_path_1.join)(folder, name);
};
const hashOf = (...parts) => {
    const hash = (0, node_crypto_1.createHash)('sha256');
    for (const part of parts)
        hash.update(part);
    return hash.digest('hex').slice(0, 12);
};
const fetchInto = async (partial, platform, report, signal) => {
    (0, node_fs_1.mkdirSync)(partial, { recursive: true });
    const pom = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'stack', 'pom.xml');
    const properties = { servers: partial, 'postgres.platform': postgresPlatform(platform) };
    await (0, maven_1.runMaven)(pom, properties, report, signal);
    report('Unpacking the servers');
    unpackPostgres((0, node_path_1.join)(partial, 'postgres'));
    (0, node_fs_1.chmodSync)(only((0, node_path_1.join)(partial, 'redis'), `-${platform}`), 0o755);
    (0, node_fs_1.rmSync)((0, node_path_1.join)(partial, '.maven'), { recursive: true, force: true });
};
/**
 * The programs of all four servers, fetched on the first call (about 160 MB) into `.stack/servers/<hash of the pom>`.
 * The folder gets its name only when it is complete, so that an interrupted download is never taken for a whole one,
 * and a changed pom.xml is another folder.
 * @throws MissingToolError without Java or, for the first call, Maven.
 */
const fetchServers = async (report = () => undefined, signal) => {
    const java = (0, tools_1.requireJava)();
    const platform = (0, exports.platformName)(process.platform, process.arch);
    const servers = (0, node_path_1.join)((0, project_root_1.projectRoot)(), '.stack', 'servers');
    const pom = (0, node_fs_1.readFileSync)((0, node_path_1.join)((0, project_root_1.projectRoot)(), 'stack', 'pom.xml'));
    const key = hashOf(pom, platform);
    const folder = (0, node_path_1.join)(servers, key);
    if (!(0, node_fs_1.existsSync)(folder)) {
        (0, tools_1.requireMaven)();
        (0, node_fs_1.mkdirSync)(servers, { recursive: true });
        removeAbandoned(servers);
        const partial = (0, node_path_1.join)(servers, `partial-${process.pid}`);
        try {
            await fetchInto(partial, platform, report, signal);
            // Another run may have been faster; its folder is as good.
            if (!(0, node_fs_1.existsSync)(folder))
                (0, node_fs_1.renameSync)(partial, folder);
        }
        finally {
            (0, node_fs_1.rmSync)(partial, { recursive: true, force: true });
        }
    }
    return {
        java: java.command,
        kafka: (0, node_path_1.join)(folder, 'kafka'),
        registry: only((0, node_path_1.join)(folder, 'registry'), '-runner.jar'),
        redis: (0, tools_1.modernRedis)() ?? only((0, node_path_1.join)(folder, 'redis'), `-${platform}`),
        postgres: (0, node_path_1.join)(folder, 'postgres'),
        classes: (0, node_path_1.join)(folder, 'classes', `${java.version}-${hashOf(folder)}`),
    };
};
exports.fetchServers = fetchServers;
//# sourceMappingURL=server-files.js.map