"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.readStackSettings = exports.stackSettings = exports.demoAdminToken = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../chassis/config");
const choose_1 = require("./choose");
/** Known to everybody: good enough for a stack that listens on loopback only. */
exports.demoAdminToken = 'flash-sale-local-admin';
const port = (standard, of) => joi_1.default.number().port().min(1).default(standard).description(`Port of ${of}`);
exports.stackSettings = {
    STACK: joi_1.default.string()
        .valid(...choose_1.stackKinds)
        .description('Where Kafka, Registry, Redis and PostgreSQL come from; unset: docker when an engine answers'),
    STACK_ACCESS: joi_1.default.string()
        .valid('open', 'enforced')
        .default('open')
        .description('enforced (STACK=local): each service has a user at Kafka and Redis with the rights of production, all others may only look'),
    KAFKA_PORT: port(9092, 'Kafka'),
    SCHEMA_REGISTRY_PORT: port(8081, 'the Schema Registry'),
    REDIS_PORT: port(6379, 'Redis'),
    POSTGRES_PORT: port(5432, 'PostgreSQL'),
    COMMAND_API_PORT: port(8080, 'command-api'),
    QUERY_API_PORT: port(8090, 'query-api and the console'),
    SAGA_PORT: port(9101, "the saga's health and metrics"),
    PROJECTOR_PORT: port(9102, "the projector's health and metrics"),
    PAYMENT_SIMULATOR_PORT: port(9103, 'the payment simulator'),
    PAYMENT_URL: joi_1.default.string()
        .uri({ scheme: ['http', 'https'] })
        .description('Payment provider; unset: the simulator is started'),
    FOLLOWERS_NICE: joi_1.default.alternatives(joi_1.default.number().integer().min(0).max(19), joi_1.default.valid('idle'))
        .default(10)
        .description('How far saga, projector and payment simulator step back for the rest: 0 to 19, or idle (Linux): only on a core that the rest leaves free'),
    STEP_BACK_UP_TO: (0, config_1.duration)()
        .default(60_000)
        .description('In a burst on scarce cores, saga and projector work a sixth of the time until an order has waited for so long; 0: never'),
    REFUSAL_DETAIL: joi_1.default.boolean()
        .default(true)
        .description('Refusals say more than their reason; on, because all processes of this stack are of one release'),
    ADMIN_TOKEN: (0, config_1.secret)().default(exports.demoAdminToken).description('Bearer token of the admin routes'),
    CONSOLE_ORIGIN: (0, config_1.origin)().description('Origin of the console as the browser names it; unset: that of QUERY_API_PORT on 127.0.0.1'),
    CONSOLE_COMMAND_ORIGIN: (0, config_1.origin)().description('Where the console sends redrive and discard; unset: to COMMAND_API_PORT on 127.0.0.1'),
    SHUTDOWN_TIMEOUT: (0, config_1.duration)().default(30_000).description('How long a service may take to stop'),
};
/** @throws ConfigError with every problem. */
const readStackSettings = (environment) => (0, config_1.readSettings)(exports.stackSettings, environment);
exports.readStackSettings = readStackSettings;
//# sourceMappingURL=settings.js.map