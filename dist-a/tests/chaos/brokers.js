"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.brokerSettings = void 0;
const ports_1 = require("../../stack/ports");
/** Settings of one of several brokers that are each other's controllers; a record is on at least two of three. */
const brokerSettings = (brokers, index) => {
    const own = brokers[index];
    if (!own)
        throw new Error(`there is no broker ${index}`);
    const copies = String(brokers.length);
    const leastCopies = String(brokers.length - 1);
    return {
        'node.id': String(index + 1),
        listeners: `MAIN://${ports_1.loopback}:${own.port},CONTROLLER://${ports_1.loopback}:${own.controllerPort}`,
        'controller.quorum.voters': brokers
            .map(({ controllerPort }, other) => `${other + 1}@${ports_1.loopback}:${controllerPort}`)
            .join(','),
        'offsets.topic.replication.factor': copies,
        'transaction.state.log.replication.factor': copies,
        'transaction.state.log.min.isr': leastCopies,
        'share.coordinator.state.topic.replication.factor': copies,
        'share.coordinator.state.topic.min.isr': leastCopies,
    };
};
exports.brokerSettings = brokerSettings;
//# sourceMappingURL=brokers.js.map