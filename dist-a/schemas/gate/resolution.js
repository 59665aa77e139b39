"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readingFaults = void 0;
/** Avro's promotions: what a reader of the first may be given besides itself. */
const promotions = {
    long: ['int'],
    float: ['int', 'long'],
    double: ['int', 'long', 'float'],
    string: ['bytes'],
    bytes: ['string'],
};
const at = (path, step) => (path === '' ? step : `${path}.${step}`);
const readField = (field, writer, path, seen) => {
    const written = writer.fields.find(({ name }) => name === field.name);
    const place = at(path, field.name);
    if (written)
        return faultsBetween(field.node, written.node, place, seen);
    return field.hasDefault ? [] : [{ kind: 'field-missing', path: place, field: field.name }];
};
const readRecord = (reader, writer, path, seen) => {
    if (reader.name !== writer.name)
        return [{ kind: 'name', path, reader: reader.name, writer: writer.name }];
    if (seen.some((pair) => pair[0] === reader && pair[1] === writer))
        return [];
    const inside = [...seen, [reader, writer]];
    return reader.fields.flatMap((field) => readField(field, writer, path, inside));
};
const readEnum = (reader, writer, path) => {
    if (reader.name !== writer.name)
        return [{ kind: 'name', path, reader: reader.name, writer: writer.name }];
    const unknown = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
    if (unknown.length === 0 || reader.default !== undefined)
        return [];
    return [{ kind: 'symbols', path, enumName: reader.name, symbols: unknown }];
};
const readsPrimitive = (reader, writer) => reader === writer || promotions[reader]?.includes(writer) === true;
const readFixed = (reader, writer, path) => {
    if (reader.name !== writer.name)
        return [{ kind: 'name', path, reader: reader.name, writer: writer.name }];
    return reader.size === writer.size
        ? []
        : [{ kind: 'size', path, reader: reader.size, writer: writer.size }];
};
const readItems = (reader, writer, path, seen) => faultsBetween(reader.items, writer.items, at(path, 'items'), seen);
const otherType = (reader, writer, path) => [
    { kind: 'type', path, reader, writer },
];
const readNamed = (reader, writer, path, seen) => {
    switch (reader.kind) {
        case 'record':
            return writer.kind === 'record'
                ? readRecord(reader, writer, path, seen)
                : otherType(reader, writer, path);
        case 'enum':
            return writer.kind === 'enum' ? readEnum(reader, writer, path) : otherType(reader, writer, path);
        case 'fixed':
            return writer.kind === 'fixed' ? readFixed(reader, writer, path) : otherType(reader, writer, path);
    }
};
/** Neither side is a union here. */
const readPlain = (reader, writer, path, seen) => {
    switch (reader.kind) {
        case 'primitive':
            return writer.kind === 'primitive' && readsPrimitive(reader.name, writer.name)
                ? []
                : otherType(reader, writer, path);
        case 'array':
        case 'map':
            return writer.kind === reader.kind
                ? readItems(reader, writer, path, seen)
                : otherType(reader, writer, path);
        case 'record':
        case 'enum':
        case 'fixed':
            return readNamed(reader, writer, path, seen);
    }
};
const faultsBetween = (reader, writer, path, seen) => {
    if (writer.kind === 'union') {
        return writer.branches.flatMap((branch) => faultsBetween(reader, branch, path, seen).map((fault) => fault.kind === 'type' && fault.path === path ? { kind: 'branch', path, reader, branch } : fault));
    }
    if (reader.kind !== 'union')
        return readPlain(reader, writer, path, seen);
    const tries = reader.branches.map((branch) => faultsBetween(branch, writer, path, seen));
    if (tries.some((faults) => faults.length === 0))
        return [];
    const ofSameKind = tries.find((_, index) => writer.kind !== 'primitive' && reader.branches[index]?.kind === writer.kind);
    return ofSameKind ?? [{ kind: 'branch', path, reader, branch: writer }];
};
/**
 * Avro's schema resolution, decided from the two schemas alone: empty when every value written with `writer` can be
 * read into `reader`. Aliases are ignored; the house rules refuse them.
 */
const readingFaults = (reader, writer) => faultsBetween(reader, writer, '', []);
exports.readingFaults = readingFaults;
//# sourceMappingURL=resolution.js.map