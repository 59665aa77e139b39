"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.drainBacklog = void 0;
const deadline_1 = require("../../chassis/deadline");
const pollMs = 250;
const drainWithinMs = 120_000;
const gaugeSum = async (url, metric) => {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) });
    const values = [...(await answer.text()).matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
};
/** Waits for the saga and the projector to have done all that the log holds. */
const drainBacklog = async (sagaUrl, projectorUrl) => {
    const startedAtMs = performance.now();
    const orders = await gaugeSum(sagaUrl, 'saga_lag_records');
    for (;;) {
        const left = (await gaugeSum(sagaUrl, 'saga_lag_records')) + (await gaugeSum(projectorUrl, 'projector_lag_events'));
        const seconds = (performance.now() - startedAtMs) / 1000;
        if (left === 0)
            return { orders, drainedSeconds: seconds };
        if (seconds * 1000 > drainWithinMs)
            return { orders, drainedSeconds: undefined };
        await (0, deadline_1.pause)(pollMs);
    }
};
exports.drainBacklog = drainBacklog;
//# sourceMappingURL=backlog.js.map