"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeIdCache = exports.readIdCache = exports.emptyIdCache = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
exports.emptyIdCache = { ours: new Map(), learned: new Map() };
const isMapOf = (value, type) => typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((member) => typeof member === type);
const isIdCacheFile = (value) => {
    if (typeof value !== 'object' || value === null)
        return false;
    const file = value;
    return (typeof file.registry_url === 'string' && isMapOf(file.ours, 'number') && isMapOf(file.learned, 'string'));
};
/** Ids mean something within one registry only, and its address may carry a password that has no place on disk. */
const addressOf = (registryUrl) => {
    const { protocol, host, pathname } = new URL(registryUrl);
    return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
};
/** Empty when there is no such file, it is damaged, or it is of another registry. Never throws. */
const readIdCache = (path, registryUrl) => {
    try {
        const file = JSON.parse((0, node_fs_1.readFileSync)(path, 'utf8'));
        if (!isIdCacheFile(file) || file.registry_url !== addressOf(registryUrl))
            return exports.emptyIdCache;
        return {
            ours: new Map(Object.entries(file.ours)),
            learned: new Map(Object.entries(file.learned).map(([id, text]) => [Number(id), text])),
        };
    }
    catch {
        return exports.emptyIdCache;
    }
};
exports.readIdCache = readIdCache;
/**
 * Replaces the file in one step, so that a process killed half way leaves the old one.
 * @throws Error when the folder cannot be written.
 */
const writeIdCache = (path, registryUrl, cache) => {
    const file = {
        registry_url: addressOf(registryUrl),
        ours: Object.fromEntries(cache.ours),
        learned: Object.fromEntries(cache.learned),
    };
    (0, node_fs_1.mkdirSync)((0, node_path_1.dirname)(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    (0, node_fs_1.writeFileSync)(draft, JSON.stringify(file, undefined, 2));
    (0, node_fs_1.renameSync)(draft, path);
};
exports.writeIdCache = writeIdCache;
//# sourceMappingURL=id-cache.js.map