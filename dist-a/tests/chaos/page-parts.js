"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.partsOf = void 0;
/** A run of `F1+F3` is one of each: its marks begin with `F1: ` and `F3: `. */
const partsOf = ({ scenario, recoveries }) => {
    const ids = scenario.split('+');
    if (ids.length === 1)
        return [{ scenario, recoveries }];
    return ids.map((id) => {
        const mark = `${id}: `;
        const own = recoveries.filter(({ after }) => after.startsWith(mark));
        return { scenario: id, recoveries: own.map((one) => ({ ...one, after: one.after.slice(mark.length) })) };
    });
};
exports.partsOf = partsOf;
//# sourceMappingURL=page-parts.js.map