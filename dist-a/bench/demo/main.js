"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../../chassis/config");
const settings_1 = require("../../chassis/settings");
const run_demo_1 = require("./run-demo");
const url = () => joi_1.default.string().uri({ scheme: ['http', 'https'] });
const settings = {
    ...settings_1.kafkaSettings,
    ...settings_1.registrySettings,
    COMMAND_API_URL: url().default('http://127.0.0.1:8080').description('Where to buy'),
    QUERY_API_URL: url().default('http://127.0.0.1:8090').description('Where to ask'),
    PUBLIC_COMMAND_URL: url().description('COMMAND_API_URL as the reader of the summary reaches it'),
    PUBLIC_QUERY_URL: url().description('QUERY_API_URL as the reader of the summary reaches it'),
    PAYMENT_JOURNAL_URL: url()
        .default('http://127.0.0.1:9103/journal')
        .description("The payment simulator's journal, to prove the charges"),
    ADMIN_TOKEN: (0, config_1.secret)().required().description('Bearer token that may stock items'),
    ORDERS: joi_1.default.number().integer().min(1).max(1_000_000).default(2_000).description('Orders to press'),
    BUYERS: joi_1.default.number().integer().min(1).max(100_000).default(500).description('Buyers who press'),
    CONCURRENCY: joi_1.default.number().integer().min(1).max(5_000).default(200).description('Presses under way at once'),
    SEED: joi_1.default.number().integer().default(1).description('The same seed presses the same orders'),
};
const main = async () => {
    const read = (0, config_1.readSettings)(settings, process.env);
    return (0, run_demo_1.runDemo)({
        commandUrl: read.COMMAND_API_URL,
        queryUrl: read.QUERY_API_URL,
        shownCommandUrl: read.PUBLIC_COMMAND_URL ?? read.COMMAND_API_URL,
        shownQueryUrl: read.PUBLIC_QUERY_URL ?? read.QUERY_API_URL,
        journalUrl: read.PAYMENT_JOURNAL_URL,
        adminToken: read.ADMIN_TOKEN,
        brokers: read.KAFKA_BROKERS.split(','),
        registryUrl: read.SCHEMA_REGISTRY_URL,
        orders: read.ORDERS,
        buyers: read.BUYERS,
        concurrency: read.CONCURRENCY,
        seed: read.SEED,
        print: (text) => process.stdout.write(text),
        isTerminal: process.stdout.isTTY,
    });
};
main().then((code) => process.exit(code), (error) => {
    const explained = error instanceof config_1.ConfigError ? error.message : error instanceof Error ? error.stack : error;
    process.stderr.write(`${String(explained)}\n`);
    process.exit(2);
});
//# sourceMappingURL=main.js.map