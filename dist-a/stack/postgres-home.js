"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.removeHome = exports.homeFor = exports.serverIdentity = void 0;
const node_child_process_1 = require("node:child_process");
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const entry = (user) => {
    const line = (0, node_fs_1.readFileSync)('/etc/passwd', 'utf8')
        .split('\n')
        .find((text) => text.startsWith(`${user}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
};
/**
 * Root becomes `nobody`, because PostgreSQL refuses root and initdb wants a user that has a name.
 * Anybody else stays as they are.
 */
const serverIdentity = () => {
    if (process.getuid?.() !== 0)
        return {};
    const nobody = entry('nobody') ?? entry('postgres');
    if (!nobody)
        throw new Error('PostgreSQL cannot run as root, and there is no user nobody to run it as.');
    return nobody;
};
exports.serverIdentity = serverIdentity;
/** Whether the identity can enter a folder: asked of the system itself, so that every parent counts. */
const canEnter = (identity, folder) => (0, node_child_process_1.spawnSync)('sh', ['-c', 'cd "$1"', 'sh', folder], { ...identity, cwd: '/' }).status === 0;
/**
 * A folder of root's for files that another user must reach when the checkout is closed to it (in the home folder of root, or
 * a temporary folder of mode 700). Its name follows from the folder it stands for, so a later run finds it again.
 */
const outsideFolder = (stands) => {
    const name = (0, node_crypto_1.createHash)('sha256').update(stands).digest('hex').slice(0, 16);
    return (0, node_path_1.join)('/var/tmp', `flash-sale-${name}`);
};
const makeOutside = (stands) => {
    const folder = outsideFolder(stands);
    if (!(0, node_fs_1.existsSync)(folder))
        (0, node_fs_1.mkdirSync)(folder, { mode: 0o711 });
    const found = (0, node_fs_1.lstatSync)(folder);
    if (!found.isDirectory() || found.uid !== 0)
        throw new Error(`${folder} is not a folder of root's: remove it.`);
    (0, node_fs_1.chmodSync)(folder, 0o711);
    return folder;
};
const copyPrograms = (programs) => {
    const copy = (0, node_path_1.join)(makeOutside(programs), 'programs');
    if ((0, node_fs_1.existsSync)(copy))
        return copy;
    const partial = `${copy}-${process.pid}`;
    const script = 'cp -R "$1" "$2" && chmod -R a+rX "$2"';
    const run = (0, node_child_process_1.spawnSync)('sh', ['-c', script, 'sh', programs, partial], { encoding: 'utf8' });
    if (run.status !== 0)
        throw new Error(`PostgreSQL cannot be copied to ${partial}: ${run.stderr}`);
    if ((0, node_fs_1.existsSync)(copy))
        (0, node_fs_1.rmSync)(partial, { recursive: true });
    else
        (0, node_fs_1.renameSync)(partial, copy);
    return copy;
};
const ownFolder = (identity, folder) => {
    (0, node_fs_1.mkdirSync)(folder, { recursive: true });
    (0, node_fs_1.chmodSync)(folder, 0o700);
    if (identity.uid !== undefined)
        (0, node_fs_1.chownSync)(folder, identity.uid, identity.gid ?? identity.uid);
};
/** The programs and the data folder that the identity can use: the given ones where it can reach them. */
const homeFor = (identity, programs, dataDir) => {
    ownFolder(identity, dataDir);
    if (identity.uid === undefined)
        return { programs, dataDir };
    const reachable = canEnter(identity, dataDir);
    const data = reachable ? dataDir : (0, node_path_1.join)(makeOutside(dataDir), (0, node_path_1.basename)(dataDir));
    if (!reachable)
        ownFolder(identity, data);
    const usable = canEnter(identity, (0, node_path_1.join)(programs, 'bin')) ? programs : copyPrograms(programs);
    return { programs: usable, dataDir: data };
};
exports.homeFor = homeFor;
/** Removes a data folder and what stands for it elsewhere. */
const removeHome = (dataDir) => {
    (0, node_fs_1.rmSync)(dataDir, { recursive: true, force: true });
    if (process.getuid?.() === 0)
        (0, node_fs_1.rmSync)(outsideFolder(dataDir), { recursive: true, force: true });
};
exports.removeHome = removeHome;
//# sourceMappingURL=postgres-home.js.map