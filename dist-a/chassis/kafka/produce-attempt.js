"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.attemptProduce = void 0;
const produce_verdict_1 = require("./produce-verdict");
const produce_request_1 = require("./wire/produce-request");
const byLeader = (batches) => {
    const leaders = new Map();
    for (const batch of batches) {
        const found = leaders.get(batch.leader);
        if (found)
            found.push(batch);
        else
            leaders.set(batch.leader, [batch]);
    }
    return leaders;
};
const again = (cause, maybeWritten) => ({
    kind: 'again',
    error: cause instanceof Error ? cause : new Error(String(cause)),
    maybeWritten,
});
const sendToLeader = async (cluster, leader, batches) => {
    let link;
    try {
        link = await cluster.node(leader);
    }
    catch (error) {
        return () => again(error, false);
    }
    try {
        const request = (0, produce_request_1.produceRequest)(batches, cluster.connection.requestTimeoutMs);
        const answers = (await link.send(request));
        return (batch) => (0, produce_verdict_1.verdictOn)(batch, answers);
    }
    catch (error) {
        return () => again(error, true);
    }
};
/**
 * Sends each batch once, one request per leader, all at the same time, and tells the verdict on each batch when the
 * slowest leader has answered or run out of time. Never throws. A leader that did not answer, or says that it
 * does not lead, is asked for again before the next attempt.
 */
const attemptProduce = async (cluster, batches) => {
    const perLeader = [...byLeader(batches)].map(async ([leader, ofLeader]) => {
        const verdictFor = await sendToLeader(cluster, leader, ofLeader);
        return ofLeader.map((batch) => [batch, verdictFor(batch)]);
    });
    const verdicts = (await Promise.all(perLeader)).flat();
    for (const [batch, verdict] of verdicts)
        if (verdict.kind === 'again')
            cluster.forget(batch.topic);
    return verdicts;
};
exports.attemptProduce = attemptProduce;
//# sourceMappingURL=produce-attempt.js.map