"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.calm = void 0;
/** Nothing is broken: whatever is found here is a false alarm, or worse. */
exports.calm = {
    id: 'calm',
    title: 'nothing is broken',
    bound: '99 % of orders are decided within 2 s, no copy of anything',
    decidedP99Ms: 2_000,
    isSmoke: true,
    act: ({ wait }) => wait(8_000),
};
//# sourceMappingURL=calm.js.map