"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeGolden = exports.goldenOf = exports.readGolden = void 0;
const avsc_1 = require("avsc");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const events_1 = require("../events");
const samples_1 = require("./samples");
const fileOf = (folder, eventType, version) => (0, node_path_1.join)(folder, eventType, `v${version}.json`);
const readVersions = (folder, eventType) => {
    if (!(0, node_fs_1.existsSync)((0, node_path_1.join)(folder, eventType)))
        return [];
    return (0, node_fs_1.readdirSync)((0, node_path_1.join)(folder, eventType))
        .map((file) => Number(/^v(\d+)\.json$/.exec(file)?.[1]))
        .sort((a, b) => a - b)
        .map((version) => {
        const file = JSON.parse((0, node_fs_1.readFileSync)(fileOf(folder, eventType, version), 'utf8'));
        return { eventType, version, ...file };
    });
};
/** Reads `<folder>/<EventType>/v<N>.json`. Throws when a file is no JSON. */
const readGolden = (folder) => events_1.eventTypes.flatMap((eventType) => readVersions(folder, eventType));
exports.readGolden = readGolden;
/** The golden records of a version about to be released, from the samples of its event. */
const goldenOf = ({ eventType, version, schema, text }) => {
    const type = avsc_1.Type.forSchema(schema, { omitRecordMethods: true });
    const records = samples_1.samples[eventType].map((sample) => {
        const body = type.toBuffer(sample);
        const written = type.fromBuffer(body);
        return { event: { type: eventType, ...written }, body: body.toString('hex') };
    });
    return { eventType, version, schema: text, records };
};
exports.goldenOf = goldenOf;
/** Writes the file in the form that prettier leaves alone. */
const writeGolden = (folder, { eventType, version, schema, records }) => {
    (0, node_fs_1.mkdirSync)((0, node_path_1.join)(folder, eventType), { recursive: true });
    const text = `${JSON.stringify({ schema, records }, undefined, 2)}\n`;
    (0, node_fs_1.writeFileSync)(fileOf(folder, eventType, version), text, { flag: 'wx' });
};
exports.writeGolden = writeGolden;
//# sourceMappingURL=golden.js.map