"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.defaultTiming = void 0;
exports.defaultTiming = {
    sessionTimeoutMs: 10_000,
    heartbeatMs: 1_000,
    fenceMs: 6_000,
    rebalanceTimeoutMs: 15_000,
    revokeMs: 5_000,
    commitMs: 1_000,
    commitRecords: 200,
    stallMs: 15_000,
    backoffBaseMs: 100,
    backoffMaxMs: 5_000,
    stopMs: 8_000,
    tickMs: 200,
};
//# sourceMappingURL=consumer-timing.js.map