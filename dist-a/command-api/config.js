"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.readConfig = exports.commandApiSettings = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../chassis/config");
const settings_1 = require("../chassis/settings");
const topic_settings_1 = require("../schemas/topic-settings");
const atLeast = (least) => joi_1.default.number().integer().min(least);
exports.commandApiSettings = {
    ...(0, settings_1.processSettings)(8080),
    ...settings_1.kafkaSettings,
    ...settings_1.registrySettings,
    ...settings_1.tracingSettings,
    ...settings_1.redisSettings,
    ...settings_1.authSettings,
    ...topic_settings_1.orderTopicsSettings,
    DATABASE_URL: settings_1.postgresSettings['DATABASE_URL'].description('PostgreSQL, where operators’ commands on dead letters find them; orders do without it'),
    RATE_LIMIT_MAX_REQUESTS: atLeast(0)
        .max(100_000)
        .default(60)
        .description('Orders a user may place within RATE_LIMIT_WINDOW; 0 sets no limit'),
    RATE_LIMIT_WINDOW: (0, config_1.duration)().default(60_000).description('Length of the sliding window'),
    IDEMPOTENCY_TTL: (0, config_1.duration)()
        .default(600_000)
        .description('How long a repeat of an accepted command gets its answer from Redis'),
    CIRCUIT_BREAKER_FAILURE_THRESHOLD: atLeast(1)
        .default(5)
        .description('Failed sends in a row that open the breaker around Kafka'),
    CIRCUIT_BREAKER_SUCCESS_THRESHOLD: atLeast(1)
        .default(2)
        .description('Successful probes in a row that close it'),
    CIRCUIT_BREAKER_BASE_TIMEOUT: (0, config_1.duration)()
        .default(30_000)
        .description('First pause before a probe; doubles with every failed one'),
    CIRCUIT_BREAKER_MAX_TIMEOUT: (0, config_1.duration)().default(300_000).description('Longest pause before a probe'),
    IN_FLIGHT_MAX: atLeast(1)
        .max(100_000)
        .default(4_096)
        .description('Commands under way at once; the next one is answered 503'),
    CONNECTIONS_MAX: atLeast(1).default(10_000).description('Open connections; the next one is closed'),
    WORKERS: atLeast(1)
        .max(64)
        .default(1)
        .description('Processes that share the port, for a machine with cores to spare; IN_FLIGHT_MAX and CONNECTIONS_MAX are of each'),
    DRAIN_GRACE: (0, config_1.duration)()
        .default(1_000)
        .description('How long a stopping process still takes requests while it already says that it is not ready; a quarter of SHUTDOWN_TIMEOUT at most'),
    PUBLIC_QUERY_URL: joi_1.default.string()
        .uri({ scheme: ['http', 'https'] })
        .default('')
        .description('Address of the query API as buyers see it, put before /orders/… in answers; unset: same origin'),
    CONSOLE_ORIGIN: (0, config_1.origin)().description('Origin of the console, the one page whose script may send redrive and discard from a browser; unset: none may'),
};
/** @throws ConfigError with every problem of the environment. */
const readConfig = (environment) => (0, config_1.readSettings)(exports.commandApiSettings, environment);
exports.readConfig = readConfig;
//# sourceMappingURL=config.js.map