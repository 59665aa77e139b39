"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.houseFindings = void 0;
const avro_tree_1 = require("./avro-tree");
const at = (place, step) => (place === '' ? step : `${place}.${step}`);
const fieldFindings = (earlier, later, place) => {
    if (earlier.defaultText === undefined || earlier.defaultText === later.defaultText)
        return [];
    const instead = `keep the default ${earlier.defaultText} for as long as the field exists`;
    return later.defaultText === undefined
        ? [
            {
                place,
                reason: 'lost its default: records written before the field existed could not be read any more',
                instead,
            },
        ]
        : [
            {
                place,
                reason: `has the default ${later.defaultText} instead of ${earlier.defaultText}: old records would read differently, and a rebuilt view would not equal the live one`,
                instead,
            },
        ];
};
const aliasFindings = (field, place) => field.hasAliases
    ? [
        {
            place,
            reason: 'has aliases: they help our new reader with old records, and no old reader with new ones',
            instead: 'add a field with a default and keep the old one',
        },
    ]
    : [];
const recordFindings = (earlier, later, place) => later.fields.flatMap((field) => {
    const before = earlier.fields.find(({ name }) => name === field.name);
    const fieldPlace = at(place, field.name);
    const aliases = aliasFindings(field, fieldPlace);
    if (!before)
        return aliases;
    return [
        ...aliases,
        ...fieldFindings(before, field, fieldPlace),
        ...(0, exports.houseFindings)(before.node, field.node, fieldPlace),
    ];
});
const logicalTypeOf = (node) => node.kind === 'primitive' || node.kind === 'fixed' ? node.logicalType : undefined;
const enumFindings = (earlier, later, place) => {
    const gone = earlier.symbols.filter((symbol) => !later.symbols.includes(symbol));
    const findings = [];
    if (gone.length > 0 && later.default !== undefined) {
        findings.push({
            place,
            reason: `lost ${gone.join(', ')}: records that hold it would read as ${later.default}`,
            instead: 'keep the symbol; its doc may say that it is no longer used',
        });
    }
    if (earlier.default !== undefined && later.default === undefined) {
        findings.push({
            place,
            reason: 'lost the default symbol of its enum: no symbol could ever be added again',
            instead: `keep "default": "${earlier.default}"`,
        });
    }
    return findings;
};
const leafFindings = (earlier, later, place) => {
    if (earlier.kind === 'enum' && later.kind === 'enum')
        return enumFindings(earlier, later, place);
    return logicalTypeOf(earlier) === logicalTypeOf(later)
        ? []
        : [
            {
                place,
                reason: `was ${(0, avro_tree_1.describe)(earlier)} and is ${(0, avro_tree_1.describe)(later)}: the same bytes would mean something else`,
                instead: 'keep it as it is, and add a field with a default for the new unit',
            },
        ];
};
const branchLike = (node, branches) => branches.find((branch) => node.kind === 'primitive' && branch.kind === 'primitive'
    ? node.name === branch.name
    : node.kind === branch.kind);
/** A recursive record would be walked for ever; no event nests deeper than this. */
const depthMax = 16;
const houseFindings = (earlier, later, place) => {
    if (place.split('.').length > depthMax)
        return [];
    if (earlier.kind === 'record' && later.kind === 'record')
        return recordFindings(earlier, later, place);
    if (later.kind === 'union') {
        const before = earlier.kind === 'union' ? earlier.branches : [earlier];
        return later.branches.flatMap((branch) => {
            const match = branchLike(branch, before);
            return match ? (0, exports.houseFindings)(match, branch, place) : [];
        });
    }
    if ((earlier.kind === 'array' || earlier.kind === 'map') && later.kind === earlier.kind) {
        return (0, exports.houseFindings)(earlier.items, later.items, at(place, 'items'));
    }
    return earlier.kind === later.kind ? leafFindings(earlier, later, place) : [];
};
exports.houseFindings = houseFindings;
//# sourceMappingURL=house-findings.js.map