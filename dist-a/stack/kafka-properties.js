"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.kafkaProperties = void 0;
const ports_1 = require("./ports");
const oneYearMinutes = 365 * 24 * 60;
const listenerSettings = ({ port, controllerPort, extraListeners, }) => {
    const listeners = [{ name: 'MAIN', port, advertisedPort: port }, ...extraListeners];
    const list = (pick) => listeners.map((listener) => `${listener.name}://${ports_1.loopback}:${pick(listener)}`).join(',');
    return {
        listeners: `${list((listener) => listener.port)},CONTROLLER://${ports_1.loopback}:${controllerPort}`,
        'advertised.listeners': list((listener) => listener.advertisedPort),
        'listener.security.protocol.map': [...listeners.map(({ name }) => name), 'CONTROLLER']
            .map((name) => `${name}:PLAINTEXT`)
            .join(','),
        'inter.broker.listener.name': 'MAIN',
        'controller.listener.names': 'CONTROLLER',
        'controller.quorum.voters': `1@${ports_1.loopback}:${controllerPort}`,
    };
};
/** The broker's settings as a properties file. */
const kafkaProperties = (broker) => {
    const properties = {
        'process.roles': 'broker,controller',
        'node.id': '1',
        ...listenerSettings(broker),
        'log.dirs': broker.logs,
        // A topic that is spelled wrong is an error, not a new topic with one partition.
        'auto.create.topics.enable': 'false',
        // A consumer that is away for a week (the default) would lose its place and start over.
        'offsets.retention.minutes': String(oneYearMinutes),
        // The default waits 3 s for more members at every first join.
        'group.initial.rebalance.delay.ms': '0',
        // After a kill -9 the restarted broker waits until its earlier self has timed out: 9 s by default, 15 s in all.
        'broker.session.timeout.ms': '3000',
        'broker.heartbeat.interval.ms': '500',
        // One broker can hold one replica.
        'offsets.topic.replication.factor': '1',
        'transaction.state.log.replication.factor': '1',
        'transaction.state.log.min.isr': '1',
        'share.coordinator.state.topic.replication.factor': '1',
        'share.coordinator.state.topic.min.isr': '1',
        // The default of 50 partitions each costs the first consumer group seconds on a small machine.
        'offsets.topic.num.partitions': '4',
        'transaction.state.log.num.partitions': '4',
        'share.coordinator.state.topic.num.partitions': '4',
        // The default of 128 MB is a quarter of this broker's heap; only the offsets topic is compacted.
        'log.cleaner.dedupe.buffer.size': String(16 * 1024 * 1024),
        ...broker.settings,
    };
    return Object.entries(properties)
        .map(([name, value]) => `${name}=${value}\n`)
        .join('');
};
exports.kafkaProperties = kafkaProperties;
//# sourceMappingURL=kafka-properties.js.map