"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.saleStateAt = exports.alwaysOpen = void 0;
/** Of an item that no operator ever opened or closed: on sale. */
exports.alwaysOpen = { mode: 'OPEN', opensAtMs: null, closesAtMs: null, version: 0 };
/**
 * What a sale is at an instant. Closed comes first, because nothing is sold after it; a pause outlasts the opening, because
 * an operator ordered it.
 */
const saleStateAt = ({ mode, opensAtMs, closesAtMs }, atMs) => {
    if (mode === 'CLOSED' || (closesAtMs !== null && atMs >= closesAtMs))
        return 'CLOSED';
    if (mode === 'PAUSED')
        return 'PAUSED';
    return opensAtMs !== null && atMs < opensAtMs ? 'SCHEDULED' : 'OPEN';
};
exports.saleStateAt = saleStateAt;
//# sourceMappingURL=sale.js.map