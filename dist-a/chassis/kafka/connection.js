"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.kafkajsLogger = exports.kafkaConnectionOf = exports.kafkaConnection = void 0;
const loggers_1 = require("kafkajs/src/loggers");
const timeoutDefaultMs = 3_000;
const noLogger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
};
/** Checks the addresses. Throws when there is none or one is not `host:port`. */
const kafkaConnection = (config, logger = noLogger) => {
    const wrong = config.brokers.filter((broker) => !/^\S+:\d{1,5}$/.test(broker));
    if (config.brokers.length === 0 || wrong.length > 0) {
        throw new Error(`Kafka brokers must be host:port, got ${JSON.stringify(config.brokers)}`);
    }
    return {
        brokers: config.brokers,
        clientId: config.clientId,
        ssl: config.ssl,
        sasl: config.sasl,
        connectTimeoutMs: config.connectTimeoutMs ?? timeoutDefaultMs,
        requestTimeoutMs: config.requestTimeoutMs ?? timeoutDefaultMs,
        logger,
    };
};
exports.kafkaConnection = kafkaConnection;
/** The connection that a service's Kafka settings describe. */
const kafkaConnectionOf = (settings, clientId, logger) => (0, exports.kafkaConnection)({
    brokers: settings.KAFKA_BROKERS.split(','),
    clientId,
    ssl: settings.KAFKA_SSL ? { ca: settings.KAFKA_SSL_CA } : undefined,
    sasl: settings.KAFKA_SASL_MECHANISM === undefined
        ? undefined
        : {
            mechanism: settings.KAFKA_SASL_MECHANISM,
            username: settings.KAFKA_SASL_USERNAME ?? '',
            password: settings.KAFKA_SASL_PASSWORD ?? '',
        },
}, logger);
exports.kafkaConnectionOf = kafkaConnectionOf;
/**
 * kafkajs' own lines, one level lower: what it calls an error (a connection refused) is one failed attempt of ours,
 * and the adapters say themselves what an outage means. Nothing more is said of a link that was ended on purpose.
 */
const kafkajsLogger = (logger, wanted) => (0, loggers_1.createLogger)({
    level: loggers_1.LEVELS.WARN,
    logCreator: () => (entry) => {
        if (!wanted())
            return;
        const line = `kafkajs ${entry.namespace}: ${entry.log.message}`;
        const fields = { broker: entry.log.broker };
        if (entry.level === loggers_1.LEVELS.ERROR)
            logger.warn(line, fields);
        else
            logger.debug(line, fields);
    },
});
exports.kafkajsLogger = kafkajsLogger;
//# sourceMappingURL=connection.js.map