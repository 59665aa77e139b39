"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.authSettings = exports.adminSettings = exports.postgresSettings = exports.redisSettings = exports.registrySettings = exports.kafkaSettings = exports.stepBackSettings = exports.tracingSettings = exports.processSettings = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("./config");
const processSettings = (portDefault) => ({
    LOG_LEVEL: joi_1.default.string()
        .valid('error', 'warn', 'info', 'debug')
        .default('info')
        .description('Least level logged'),
    SHUTDOWN_TIMEOUT: (0, config_1.duration)()
        .default(30_000)
        .description('How long a stop may take before the process is ended'),
    HOST: joi_1.default.string().default('0.0.0.0').description('Address to listen on'),
    PORT: joi_1.default.number().port().default(portDefault).description('HTTP port; 0 takes a free one'),
});
exports.processSettings = processSettings;
const headerPairs = /^[^=,\s]+=(%[0-9A-Fa-f]{2}|[^%,])*(,[^=,\s]+=(%[0-9A-Fa-f]{2}|[^%,])*)*$/;
/** OpenTelemetry's own names, so that what an operator knows of other services holds here. */
exports.tracingSettings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: joi_1.default.string()
        .uri({ scheme: ['http', 'https'] })
        .description('Base address of a trace collector that speaks OTLP over HTTP; unset: no traces'),
    OTEL_EXPORTER_OTLP_HEADERS: (0, config_1.secret)()
        .pattern(headerPairs)
        .messages({ 'string.pattern.base': '{{#label}} must be name=value, several separated by commas' })
        .description('Headers for the collector, such as its token: name=value, several separated by commas'),
    OTEL_TRACES_SAMPLER: joi_1.default.string()
        .valid('parentbased_traceidratio', 'traceidratio')
        .default('parentbased_traceidratio')
        .description('parentbased_…: a caller whose traceparent is sampled is traced; traceidratio: only our share is'),
    OTEL_TRACES_SAMPLER_ARG: joi_1.default.number()
        .min(0)
        .max(1)
        .default(0.01)
        .description('Share of the orders that are traced, 0 to 1'),
};
/** Of what follows the log. */
exports.stepBackSettings = {
    STEP_BACK_UP_TO: (0, config_1.duration)()
        .default(0)
        .description('In a burst on scarce cores, work a sixth of the time so that accepting comes first, until a record has waited for so long; 0: never'),
};
const brokerList = /^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/;
exports.kafkaSettings = {
    KAFKA_BROKERS: joi_1.default.string()
        .pattern(brokerList)
        .default('127.0.0.1:9092')
        .messages({ 'string.pattern.base': '{{#label}} must be host:port, several separated by commas' })
        .description('Kafka bootstrap servers, host:port separated by commas'),
    KAFKA_SSL: joi_1.default.boolean().default(false).description('Speak TLS to Kafka'),
    KAFKA_SSL_CA: (0, config_1.secret)().description('PEM of the authority that signed the brokers (KAFKA_SSL_CA_FILE names a file)'),
    KAFKA_SASL_MECHANISM: joi_1.default.string()
        .valid('plain', 'scram-sha-256', 'scram-sha-512')
        .description('SASL mechanism; unset: none'),
    KAFKA_SASL_USERNAME: joi_1.default.string()
        .when('KAFKA_SASL_MECHANISM', { is: joi_1.default.exist(), then: joi_1.default.required() })
        .description('SASL user'),
    KAFKA_SASL_PASSWORD: (0, config_1.secret)()
        .when('KAFKA_SASL_MECHANISM', { is: joi_1.default.exist(), then: joi_1.default.required() })
        .description('SASL password'),
};
exports.registrySettings = {
    SCHEMA_REGISTRY_URL: joi_1.default.string()
        .uri({ scheme: ['http', 'https'] })
        .default('http://127.0.0.1:8081')
        .description('Base address of the Confluent-compatible Schema Registry API'),
    SCHEMA_CACHE_FILE: joi_1.default.string().description('Where schema ids known at start are kept, so that a service starts while the registry is down'),
};
const redisAddresses = /^rediss?:\/\/[^\s,]+(,rediss?:\/\/[^\s,]+)*$/;
exports.redisSettings = {
    REDIS_URL: (0, config_1.secret)()
        .pattern(redisAddresses)
        .default('redis://127.0.0.1:6379')
        .messages({ 'string.pattern.base': '{{#label}} must be redis://host:port or rediss://host:port' })
        .description('Redis; rediss:// speaks TLS; of a Redis Cluster two nodes or more, separated by commas'),
    REDIS_SSL_CA: (0, config_1.secret)().description('PEM of the authority that signed the certificate of a rediss:// server (REDIS_SSL_CA_FILE names a file)'),
    SALE_ID: joi_1.default.string()
        .pattern(/^[A-Za-z0-9_-]{1,40}$/)
        .default('sale')
        .description('Hash tag of all keys of this sale: one sale lives on one Redis primary'),
};
exports.postgresSettings = {
    DATABASE_URL: (0, config_1.secret)()
        .uri({ scheme: ['postgres', 'postgresql'] })
        .default('postgres://flash_sale:flash_sale@127.0.0.1:5432/flash_sale')
        .description('PostgreSQL; append ?sslmode=verify-full for TLS, and &sslrootcert=/path of the authority’s PEM'),
    DATABASE_POOL_MAX: joi_1.default.number()
        .integer()
        .min(1)
        .max(100)
        .default(10)
        .description('Connections a process may hold'),
};
const withJwt = (schema) => schema.when('AUTH_MODE', { is: 'jwt', then: joi_1.default.required() });
const algorithmList = /^(HS|RS|PS|ES)(256|384|512)(,(HS|RS|PS|ES)(256|384|512))*$|^EdDSA$/;
exports.adminSettings = {
    ADMIN_TOKEN: (0, config_1.secret)().description('Bearer token of operators; their routes are off without it'),
};
exports.authSettings = {
    ...exports.adminSettings,
    AUTH_MODE: joi_1.default.string()
        .valid('none', 'jwt')
        .default('none')
        .description('Who buyers are: none trusts user_id in the body, jwt takes the subject of a bearer token'),
    JWT_SECRET: (0, config_1.secret)()
        .min(32)
        .when('AUTH_MODE', {
        is: 'jwt',
        then: joi_1.default.when('JWT_JWKS_URL', { not: joi_1.default.exist(), then: joi_1.default.required() }),
    })
        .messages({ 'any.required': '{{#label}} or JWT_JWKS_URL is required when AUTH_MODE is jwt' })
        .description('Shared secret of HMAC-signed tokens, at least 32 characters'),
    JWT_JWKS_URL: joi_1.default.string()
        .uri({ scheme: ['http', 'https'] })
        .description('Where the issuer publishes its keys; takes precedence over JWT_SECRET'),
    JWT_ISSUER: withJwt(joi_1.default.string()).description('Required `iss` of a token'),
    JWT_AUDIENCE: withJwt(joi_1.default.string()).description('Required `aud` of a token'),
    JWT_ALGORITHMS: joi_1.default.string()
        .pattern(algorithmList)
        .messages({ 'string.pattern.base': '{{#label}} must be names such as RS256,ES256' })
        .description('Accepted signature algorithms; unset: HS256 with a secret, RS256,ES256 with JWT_JWKS_URL'),
};
//# sourceMappingURL=settings.js.map