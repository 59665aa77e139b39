"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || ("get" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    o[k2] = m[k];
}));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, "default", { enumerable: true, value: v });
}) : function(o, v) {
    o["default"] = v;
});
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== "default") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
Object.defineProperty(exports, "__esModule", { value: true });
const kafkajs_1 = require("kafkajs");
const producers = __importStar(require("../../../chassis/kafka/producer"));
const run_service_1 = require("../processes/run-service");
const replace_1 = require("./replace");
/** kafkajs as its documentation suggests, one send for each order, and several at a time. */
(0, replace_1.replaceExport)(producers, 'createLogProducer', () => async ({ brokers, clientId }) => {
    const kafka = new kafkajs_1.Kafka({
        brokers: [...brokers],
        clientId,
        requestTimeout: 1_000,
        logLevel: kafkajs_1.logLevel.NOTHING,
    });
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 5 });
    await producer.connect();
    const send = async ({ topic, key, value, headers }) => {
        try {
            const messages = [{ key, value, headers: { ...headers } }];
            const [sent] = await producer.send({ topic, acks: -1, messages });
            const { partition = 0, baseOffset = '0' } = sent ?? {};
            return { kind: 'acked', partition, offset: Number(baseOffset), appendedAtMs: Date.now() };
        }
        catch (error) {
            return { kind: 'unknown', error: error instanceof Error ? error : new Error(String(error)) };
        }
    };
    return {
        send,
        sendAll: (records) => Promise.all(records.map(send)),
        queued: 0,
        stop: () => producer.disconnect(),
    };
});
(0, run_service_1.runCommandApi)();
//# sourceMappingURL=idempotent-overlapping-producer.js.map