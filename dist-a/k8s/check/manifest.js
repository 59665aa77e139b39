"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.selects = exports.labelsAt = exports.textAt = exports.listAt = exports.at = exports.parseManifests = exports.nameOf = void 0;
const yaml_1 = require("yaml");
const nameOf = (manifest) => `${manifest.kind}/${manifest.metadata.name}`;
exports.nameOf = nameOf;
/** @throws Error when a document is not YAML, or no object with a kind and a name. */
const parseManifests = (yaml) => (0, yaml_1.parseAllDocuments)(yaml).flatMap((document) => {
    const [error] = document.errors;
    if (error)
        throw error;
    const value = document.toJS();
    if (value === null)
        return [];
    const named = typeof value.kind === 'string' && typeof value.metadata === 'object';
    if (!named)
        throw new Error(`No kind or metadata in: ${JSON.stringify(value).slice(0, 80)}`);
    return [value];
});
exports.parseManifests = parseManifests;
/** The member at a path such as `spec.template.spec`, undefined when a step is missing. */
const at = (value, path) => path
    .split('.')
    .reduce((inner, step) => typeof inner === 'object' && inner !== null ? inner[step] : undefined, value);
exports.at = at;
const listAt = (value, path) => {
    const found = (0, exports.at)(value, path);
    return Array.isArray(found) ? found : [];
};
exports.listAt = listAt;
const textAt = (value, path) => {
    const found = (0, exports.at)(value, path);
    return typeof found === 'string' ? found : undefined;
};
exports.textAt = textAt;
const labelsAt = (value, path) => ((0, exports.at)(value, path) ?? {});
exports.labelsAt = labelsAt;
/** Whether a label selector with `matchLabels` and `matchExpressions` (In, NotIn, Exists, DoesNotExist) selects. */
const selects = (selector, labels) => {
    const equal = Object.entries((0, exports.labelsAt)(selector, 'matchLabels')).every(([name, value]) => labels[name] === value);
    return equal && (0, exports.listAt)(selector, 'matchExpressions').every((expression) => holds(expression, labels));
};
exports.selects = selects;
const holds = (expression, labels) => {
    const value = labels[(0, exports.textAt)(expression, 'key') ?? ''];
    const among = value !== undefined && (0, exports.listAt)(expression, 'values').includes(value);
    switch ((0, exports.textAt)(expression, 'operator')) {
        case 'In':
            return among;
        case 'NotIn':
            return !among;
        case 'Exists':
            return value !== undefined;
        case 'DoesNotExist':
        case undefined:
        default:
            return value === undefined;
    }
};
//# sourceMappingURL=manifest.js.map