"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.createSchemaCheck = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const ajv_1 = require("ajv");
const ajv_formats_1 = __importDefault(require("ajv-formats"));
const manifest_1 = require("./manifest");
const read = (folder, file) => JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, file), 'utf8'));
/** Two entries of a list that the API server merges by key, such as two variables of one name. */
const duplicateKeys = (keys, list) => {
    const seen = list.map((entry) => JSON.stringify(keys.map((key) => entry?.[key])));
    return new Set(seen).size < seen.length;
};
const createValidator = () => {
    const ajv = new ajv_1.Ajv({ strict: false, allErrors: true });
    (0, ajv_formats_1.default)(ajv);
    ajv.addKeyword({
        keyword: 'x-kubernetes-list-map-keys',
        type: 'array',
        validate: (keys, list) => !duplicateKeys(keys, list),
        error: { message: 'has two entries with the same key' },
    });
    return ajv;
};
const describe = (error) => {
    const where = error.instancePath === '' ? '/' : error.instancePath;
    if (error.keyword === 'additionalProperties') {
        return `${where} has no member ${String(error.params['additionalProperty'])}`;
    }
    const allowed = error.keyword === 'enum' ? ` (${JSON.stringify(error.params['allowedValues'])})` : '';
    return `${where} ${error.message ?? 'is not valid'}${allowed}`;
};
/** @param folder the one with kubernetes.json and custom-resources.json */
const createSchemaCheck = (folder) => {
    const kubernetes = read(folder, 'kubernetes.json');
    const { definitions } = kubernetes;
    const kinds = { ...kubernetes.kinds, ...read(folder, 'custom-resources.json').kinds };
    const ajv = createValidator();
    const compiled = new Map();
    return (manifest) => {
        const where = (0, manifest_1.nameOf)(manifest);
        const kind = `${manifest.apiVersion}/${manifest.kind}`;
        const schema = kinds[kind];
        if (schema === undefined)
            return [{ where, what: `${kind} is not a kind in k8s/schemas` }];
        const validate = compiled.get(kind) ?? ajv.compile({ ...schema, definitions });
        compiled.set(kind, validate);
        if (validate(manifest))
            return [];
        return (validate.errors ?? []).map((error) => ({ where, what: describe(error) }));
    };
};
exports.createSchemaCheck = createSchemaCheck;
//# sourceMappingURL=api-schema.js.map