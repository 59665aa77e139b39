"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pairFindings = void 0;
const avro_tree_1 = require("./avro-tree");
const resolution_1 = require("./resolution");
const neither = 'neither version reads the other';
const cannot = {
    back: 'what was written with the earlier version can no longer be read',
    forth: 'readers of the earlier version, of which some still run, cannot read it',
};
const addField = 'keep it as it is, and add a field with a default for the new type';
const typeChange = (earlier, later, who) => ({
    place: '',
    reason: `was ${(0, avro_tree_1.describe)(earlier)} and is ${(0, avro_tree_1.describe)(later)}: ${who}`,
    instead: addField,
});
const branchReason = (direction, branch) => direction === 'back'
    ? `no longer takes ${(0, avro_tree_1.describe)(branch)}: ${cannot.back}`
    : `now takes ${(0, avro_tree_1.describe)(branch)} too: ${cannot.forth}`;
const symbolsFinding = (direction, symbols) => direction === 'back'
    ? {
        reason: `lost ${symbols} and its enum has no default: ${cannot.back}`,
        instead: 'put the symbols back, or give the enum a default symbol',
    }
    : {
        reason: `gained ${symbols}, and the earlier enum has no default symbol for what it does not know`,
        instead: 'add a field whose enum has a default symbol; an enum without one can never gain a symbol',
    };
const missingFinding = (direction) => direction === 'back'
    ? {
        reason: `is new and has no default: ${cannot.back}`,
        instead: 'give it a default, best null: "type": ["null", …], "default": null',
    }
    : {
        reason: 'is gone, and earlier readers have no default for it',
        instead: 'keep the field; its doc may say that it is no longer used',
    };
const findingOf = (fault, direction) => {
    const { path: place } = fault;
    switch (fault.kind) {
        case 'field-missing':
            return { place, ...missingFinding(direction) };
        case 'type': {
            const [earlier, later] = direction === 'back' ? [fault.writer, fault.reader] : [fault.reader, fault.writer];
            return { ...typeChange(earlier, later, cannot[direction]), place };
        }
        case 'name': {
            const [earlier, later] = direction === 'back' ? [fault.writer, fault.reader] : [fault.reader, fault.writer];
            return {
                place,
                reason: `was named ${earlier} and is named ${later}: ${neither}`,
                instead: `keep the name ${earlier}: a name is part of the contract`,
            };
        }
        case 'symbols':
            return { place, ...symbolsFinding(direction, fault.symbols.join(', ')) };
        case 'size':
            return { place, reason: `has another size: ${neither}`, instead: addField };
        case 'branch':
            return { place, reason: branchReason(direction, fault.branch), instead: addField };
    }
};
const fieldsAt = (node, path) => {
    if (node.kind !== 'record')
        return [];
    const [first, ...rest] = path;
    if (first === undefined)
        return node.fields;
    const inner = node.fields.find(({ name }) => name === first)?.node;
    return inner ? fieldsAt(inner, rest) : [];
};
/** The new field that a vanished one seems to have become: of the same type, and not there before. */
const renamedTo = (earlier, later, place) => {
    const parent = place.split('.').slice(0, -1);
    const before = fieldsAt(earlier, parent);
    const gone = before.find(({ name }) => name === place.split('.').at(-1));
    const candidate = fieldsAt(later, parent).find((field) => !before.some(({ name }) => name === field.name) &&
        gone !== undefined &&
        (0, avro_tree_1.describe)(field.node) === (0, avro_tree_1.describe)(gone.node));
    return candidate && [...parent, candidate.name].join('.');
};
const renaming = (from, to) => ({
    place: from,
    reason: `became ${to}: to a reader that is one field removed and another one added, and ${neither}`,
    instead: `keep ${from}, add ${to} with a default, and write both for as long as readers of ${from} run`,
});
/** One finding where both directions fail at the same place. */
const merge = (back, forth) => {
    const strip = (reason) => reason.replace(`: ${cannot.back}`, '').replace(`: ${cannot.forth}`, '');
    const both = back.map((finding) => forth.some(({ place, reason }) => place === finding.place && strip(reason) === strip(finding.reason))
        ? { ...finding, reason: finding.reason.replace(cannot.back, neither) }
        : finding);
    const isTold = (finding) => both.some(({ place, reason }) => place === finding.place && strip(reason).startsWith(strip(finding.reason)));
    return [...both, ...forth.filter((finding) => !isTold(finding))];
};
/** Compares two versions in both directions (FULL): empty when each reads what the other writes. */
const pairFindings = (earlier, later) => {
    const back = (0, resolution_1.readingFaults)(later, earlier);
    const forth = (0, resolution_1.readingFaults)(earlier, later);
    const renamings = forth.flatMap((fault) => {
        const to = fault.kind === 'field-missing' ? renamedTo(earlier, later, fault.path) : undefined;
        return to === undefined ? [] : [{ from: fault.path, to }];
    });
    const isTold = ({ path, kind }) => kind === 'field-missing' && renamings.some(({ from, to }) => path === from || path === to);
    const rest = (faults, direction) => faults.filter((fault) => !isTold(fault)).map((fault) => findingOf(fault, direction));
    return [
        ...renamings.map(({ from, to }) => renaming(from, to)),
        ...merge(rest(back, 'back'), rest(forth, 'forth')),
    ];
};
exports.pairFindings = pairFindings;
//# sourceMappingURL=pair-findings.js.map