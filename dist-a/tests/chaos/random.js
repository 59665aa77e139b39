"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createRandom = void 0;
const hashOf = (text) => {
    let hash = 0x811c9dc5;
    for (const character of text)
        hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    return hash >>> 0;
};
/** mulberry32: 32 bits of state are enough for schedules. */
const createRandom = (seed) => {
    let state = hashOf(seed);
    const next = () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
    };
    const integer = (least, most) => least + Math.floor(next() * (most - least + 1));
    return {
        next,
        integer,
        chance: (probability) => next() < probability,
        pick: (from) => {
            if (from.length === 0)
                throw new RangeError('nothing to pick from');
            return from[integer(0, from.length - 1)];
        },
        fork: (purpose) => (0, exports.createRandom)(`${seed}/${purpose}`),
    };
};
exports.createRandom = createRandom;
//# sourceMappingURL=random.js.map