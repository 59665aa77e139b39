"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createPayment = void 0;
const system_clock_1 = require("../system-clock");
const budgeted_payment_1 = require("./budgeted-payment");
const http_provider_1 = require("./http-provider");
const simulator_1 = require("./simulator");
const simulator = (config) => new simulator_1.PaymentSimulator({
    seed: config.PAYMENT_SEED,
    latencyMs: config.PAYMENT_LATENCY,
    declineRate: config.PAYMENT_DECLINE_RATE,
    timeoutRate: config.PAYMENT_TIMEOUT_RATE,
    timeoutMs: config.PAYMENT_TIMEOUT,
}, system_clock_1.systemClock);
/** The provider that the settings name, with attempts, budget and bound around it. */
const createPayment = (config, log) => {
    const budget = { budgetMs: config.PAYMENT_BUDGET, inFlightMax: config.PAYMENT_IN_FLIGHT_MAX };
    if (config.PAYMENT_URL === undefined) {
        log.info('payments are simulated in this process (PAYMENT_URL is not set)', {
            event: 'payment_simulated',
        });
        return { ...(0, budgeted_payment_1.createBudgetedPayment)(simulator(config), budget, system_clock_1.systemClock), stop: () => undefined };
    }
    const provider = (0, http_provider_1.createHttpProvider)({
        url: config.PAYMENT_URL,
        timeoutMs: config.PAYMENT_TIMEOUT,
        connectionsMax: config.PAYMENT_IN_FLIGHT_MAX,
    });
    return { ...(0, budgeted_payment_1.createBudgetedPayment)(provider, budget, system_clock_1.systemClock), stop: () => provider.stop() };
};
exports.createPayment = createPayment;
//# sourceMappingURL=create-payment.js.map