"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.newest = exports.readHistory = exports.fullName = exports.namespace = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const events_1 = require("./events");
/** The Avro namespace of every record we publish. */
exports.namespace = 'flashsale';
const fullName = (eventType) => `${exports.namespace}.${eventType}`;
exports.fullName = fullName;
const readVersion = (folder, eventType, version) => {
    const schema = JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, eventType, `v${version}.avsc`), 'utf8'));
    return { eventType, version, schema, text: JSON.stringify(schema) };
};
const readVersions = (folder, eventType) => {
    const files = (0, node_fs_1.readdirSync)((0, node_path_1.join)(folder, eventType)).filter((file) => file.endsWith('.avsc'));
    return files.map((_, index) => {
        if (!files.includes(`v${index + 1}.avsc`)) {
            throw new Error(`${eventType} has ${files.length} .avsc files but no v${index + 1}.avsc: versions count from 1 without a gap.`);
        }
        return readVersion(folder, eventType, index + 1);
    });
};
/**
 * Reads `<folder>/<EventType>/v1.avsc, v2.avsc, …`.
 * @throws Error when a folder is missing, a version is skipped, or a file is not JSON.
 */
const readHistory = (folder = __dirname) => Object.fromEntries(events_1.eventTypes.map((eventType) => [eventType, readVersions(folder, eventType)]));
exports.readHistory = readHistory;
/** The version our writers write. */
const newest = (history, eventType) => {
    const version = history[eventType].at(-1);
    if (!version)
        throw new Error(`${eventType} has no schema.`);
    return version;
};
exports.newest = newest;
//# sourceMappingURL=history.js.map