"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.describe = exports.parseAvro = void 0;
const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
const isPrimitive = (name) => primitives.includes(name);
const textOf = (value) => (typeof value === 'string' ? value : undefined);
const qualify = (name, space) => name.includes('.') || space === '' ? name : `${space}.${name}`;
const parseName = (name, names) => {
    if (isPrimitive(name))
        return { kind: 'primitive', name, logicalType: undefined };
    const known = names.known.get(qualify(name, names.space)) ?? names.known.get(name);
    if (!known)
        throw new Error(`there is no type named ${name}`);
    return known;
};
const parseField = (json, names) => ({
    name: String(json.name),
    node: parseNode(json.type, names),
    hasDefault: json.default !== undefined,
    defaultText: json.default === undefined ? undefined : JSON.stringify(json.default),
    hasAliases: Array.isArray(json.aliases) && json.aliases.length > 0,
});
const parseRecord = (json, name, names) => {
    const fields = [];
    const node = { kind: 'record', name, fields };
    /** Known before its fields are, because a record may contain itself. */
    names.known.set(name, node);
    const space = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
    for (const field of Array.isArray(json.fields) ? json.fields : []) {
        fields.push(parseField(field, { ...names, space }));
    }
    return node;
};
const parseNamed = (json, kind, names) => {
    const name = qualify(String(json.name), textOf(json.namespace) ?? names.space);
    if (kind === 'record')
        return parseRecord(json, name, names);
    const node = kind === 'enum'
        ? { kind, name, symbols: json.symbols.map(String), default: textOf(json.default) }
        : { kind, name, size: Number(json.size), logicalType: textOf(json.logicalType) };
    names.known.set(name, node);
    return node;
};
const parseObject = (json, names) => {
    const { type } = json;
    switch (type) {
        case 'record':
        case 'enum':
        case 'fixed':
            return parseNamed(json, type, names);
        case 'array':
            return { kind: 'array', items: parseNode(json.items, names) };
        case 'map':
            return { kind: 'map', items: parseNode(json.values, names) };
        default: {
            const node = parseNode(type, names);
            return node.kind === 'primitive' ? { ...node, logicalType: textOf(json.logicalType) } : node;
        }
    }
};
const parseNode = (json, names) => {
    if (typeof json === 'string')
        return parseName(json, names);
    if (Array.isArray(json))
        return { kind: 'union', branches: json.map((branch) => parseNode(branch, names)) };
    if (typeof json === 'object' && json !== null)
        return parseObject(json, names);
    throw new Error(`${JSON.stringify(json)} is no type`);
};
/**
 * Assumes what avsc has already found to be a schema.
 * @throws Error when a type is named that is not there.
 */
const parseAvro = (json) => parseNode(json, { space: '', known: new Map() });
exports.parseAvro = parseAvro;
/** A type in a word or two, for messages. */
const describe = (node) => {
    switch (node.kind) {
        case 'primitive':
            return node.logicalType === undefined ? node.name : `${node.name} (${node.logicalType})`;
        case 'record':
        case 'enum':
            return `${node.kind} ${node.name}`;
        case 'fixed':
            return `fixed ${node.name} of ${node.size} bytes`;
        case 'array':
        case 'map':
            return `${node.kind} of ${(0, exports.describe)(node.items)}`;
        case 'union':
            return node.branches.map(exports.describe).join(' or ');
    }
};
exports.describe = describe;
//# sourceMappingURL=avro-tree.js.map