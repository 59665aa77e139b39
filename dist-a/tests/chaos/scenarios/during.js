"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.during = exports.goesOn = void 0;
/** For a fault that most do not notice: milliseconds from its begin, and between any two until it is healed. */
const goesOn = ({ accepting, deciding }) => ({
    accepting_ms: accepting,
    accepting_gap_ms: accepting,
    ...(deciding === undefined ? {} : { deciding_ms: deciding, deciding_gap_ms: deciding }),
});
exports.goesOn = goesOn;
/** Marks a fault on the timeline for as long as `broken` takes; `broken` heals before it resolves. */
const during = async ({ timeline }, name, bounds, broken) => {
    timeline.fault(name, bounds.sinceFault);
    await broken();
    timeline.heal(name, bounds.sinceHeal);
};
exports.during = during;
//# sourceMappingURL=during.js.map