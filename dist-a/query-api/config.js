"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.readConfig = exports.queryApiSettings = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../chassis/config");
const settings_1 = require("../chassis/settings");
const topic_settings_1 = require("../schemas/topic-settings");
const atLeast = (least) => joi_1.default.number().integer().min(least);
const processUrl = (of) => joi_1.default.string()
    .uri({ scheme: ['http', 'https'] })
    .description(`Address of ${of} as this process reaches it: the console shows its health and lag; unset: unknown`);
exports.queryApiSettings = {
    ...(0, settings_1.processSettings)(8090),
    ...settings_1.kafkaSettings,
    ...settings_1.postgresSettings,
    ...settings_1.redisSettings,
    ...settings_1.authSettings,
    ...topic_settings_1.orderTopicsSettings,
    WAITERS_MAX: atLeast(0)
        .default(10_000)
        .description('Requests that wait for an order at once; the next one is answered as things stand'),
    STREAMS_MAX: atLeast(0)
        .default(2_000)
        .description('Event streams open at once; the next one is answered 503'),
    CONNECTIONS_MAX: atLeast(1).default(12_000).description('Open connections; the next one is closed'),
    REHEARSAL_ANSWERS: atLeast(0)
        .default(6_000)
        .description('Answers that a starting process gives to a made-up crowd before it listens, so that the first real one is not slow; 0: none'),
    DEPLOY_WAIT: (0, config_1.duration)().default(60_000).description('How long a starting process waits for the migrations'),
    DRAIN_GRACE: (0, config_1.duration)()
        .default(1_000)
        .description('How long a stopping process still takes requests while it already says that it is not ready; a quarter of SHUTDOWN_TIMEOUT at most'),
    CONSOLE_COMMAND_ORIGIN: (0, config_1.origin)().description('Origin of the command API as an operator’s browser reaches it: the console sends redrive and discard there; unset: it shows the command to type. CONSOLE_ORIGIN over there admits it'),
    COMMAND_API_URL: processUrl('command-api'),
    SAGA_URL: processUrl('the saga'),
    PROJECTOR_URL: processUrl('the projector'),
};
/** @throws ConfigError with every problem of the environment. */
const readConfig = (environment) => (0, config_1.readSettings)(exports.queryApiSettings, environment);
exports.readConfig = readConfig;
//# sourceMappingURL=config.js.map