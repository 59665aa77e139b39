"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.untilReady = exports.isReady = void 0;
const deadline_1 = require("../chassis/deadline");
const ports_1 = require("./ports");
const process_identity_1 = require("./process-identity");
const run_records_1 = require("./run-records");
const server_process_1 = require("./server-process");
const stack_context_1 = require("./stack-context");
const probeTimeoutMs = 2000;
const pollMs = 100;
const restartsMax = 3;
const downMs = 3000;
/** Whether a process of ours answers 200 on /readyz now. */
const isReady = async (port, timeoutMs = probeTimeoutMs) => {
    try {
        const answer = await fetch(`http://${ports_1.loopback}:${port}/readyz`, {
            signal: AbortSignal.timeout(timeoutMs),
        });
        return answer.ok;
    }
    catch {
        return false;
    }
};
exports.isReady = isReady;
const failure = (service, why, record) => new stack_context_1.StackError(record === undefined
    ? `${service.name} ${why}.`
    : `${service.name} ${why}. The end of ${record.logFile}:\n${(0, server_process_1.logTail)(record.logFile)}`);
/**
 * Waits until a supervised service is ready.
 * @throws StackError with the end of its log when it keeps ending, stays down for 3 s, or is not ready in time.
 */
const untilReady = async (service, wait) => {
    const endsAtMs = performance.now() + wait.timeoutMs;
    let aliveAtMs = performance.now();
    let record;
    while (performance.now() < endsAtMs) {
        if (wait.signal.aborted)
            throw new stack_context_1.StackError('Interrupted.');
        if (await (0, exports.isReady)(service.port))
            return;
        record = (0, run_records_1.readRecords)(wait.runDir).find(({ name }) => name === service.name);
        if (record && (0, process_identity_1.isRunning)(record))
            aliveAtMs = performance.now();
        if ((record?.restarts ?? 0) >= restartsMax)
            throw failure(service, 'keeps ending', record);
        if (performance.now() - aliveAtMs > downMs)
            throw failure(service, 'is down', record);
        await (0, deadline_1.pause)(pollMs, wait.signal);
    }
    throw failure(service, `is not ready after ${wait.timeoutMs} ms`, record);
};
exports.untilReady = untilReady;
//# sourceMappingURL=readiness.js.map