"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.randomOf = void 0;
/** Marsaglia's xorshift with 32 bits of state, after mixing the seed so that neighbours differ at once. */
const randomOf = (seed) => {
    let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
    const next = () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 0x1_0000_0000;
    };
    for (let warmUp = 0; warmUp < 8; warmUp += 1)
        next();
    const integer = (below) => Math.floor(next() * below);
    return {
        next,
        integer,
        chance: (probability) => next() < probability,
        pick: (from) => from[integer(from.length)],
    };
};
exports.randomOf = randomOf;
//# sourceMappingURL=random.js.map