"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.observeNothing = void 0;
exports.observeNothing = {
    emitted: () => undefined,
    voided: () => undefined,
    buried: () => undefined,
    postponed: () => undefined,
    chunk: () => undefined,
    step: () => undefined,
};
//# sourceMappingURL=observe.js.map