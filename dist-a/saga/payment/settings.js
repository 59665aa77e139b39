"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.paymentSettings = exports.simulatedPaymentSettings = void 0;
const joi_1 = __importDefault(require("joi"));
const config_1 = require("../../chassis/config");
const rate = () => joi_1.default.number().min(0).max(1);
exports.simulatedPaymentSettings = {
    PAYMENT_SEED: joi_1.default.string()
        .default('flash-sale')
        .description('Which orders the simulated provider declines'),
    PAYMENT_LATENCY: (0, config_1.duration)().default(20).description('How long the simulated provider takes to answer'),
    PAYMENT_DECLINE_RATE: rate()
        .default(0)
        .description('Share of orders that the simulated provider declines, 0 to 1; buyers named `declined-…` it always declines'),
    PAYMENT_TIMEOUT_RATE: rate()
        .default(0)
        .description('Share of calls that take effect and whose answer the simulated provider loses, 0 to 1'),
};
exports.paymentSettings = {
    PAYMENT_URL: joi_1.default.string()
        .uri({ scheme: ['http', 'https'] })
        .description('Base address of the payment provider; unset: the simulated one inside this process'),
    PAYMENT_TIMEOUT: (0, config_1.duration)().default(2_000).description('Deadline of one call to the payment provider'),
    // A chunk may begin its last attempt after 4 s, and one that takes 15 s altogether passes for a stalled partition.
    PAYMENT_BUDGET: (0, config_1.duration)({ maxMs: 10_000 })
        .default(8_000)
        .description('How long a payment may stay unknown before its order moves to payment-retries; no longer than 10s'),
    PAYMENT_IN_FLIGHT_MAX: joi_1.default.number()
        .integer()
        .min(1)
        .max(10_000)
        .default(500)
        .description('Payments under way at once in one process'),
    ...exports.simulatedPaymentSettings,
};
//# sourceMappingURL=settings.js.map