"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.lookAtProcess = void 0;
const metric_samples_1 = require("./metric-samples");
const silent = { state: 'silent', dependencies: {}, circuitBreaker: undefined, samples: [] };
/** Asks a process for its health and its metrics. Never rejects. */
const lookAtProcess = async (ask) => {
    try {
        const [body, page] = await Promise.all([ask('/health'), ask('/metrics')]);
        const health = (typeof body === 'object' && body !== null ? body : {});
        return {
            state: health.status ?? 'down',
            dependencies: health.dependencies ?? {},
            circuitBreaker: health.circuit_breaker_state,
            samples: (0, metric_samples_1.readSamples)(String(page)),
        };
    }
    catch {
        return silent;
    }
};
exports.lookAtProcess = lookAtProcess;
//# sourceMappingURL=process-look.js.map