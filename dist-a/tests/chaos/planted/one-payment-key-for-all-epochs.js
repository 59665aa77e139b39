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
const paying = __importStar(require("../../../saga/payment/create-payment"));
const run_service_1 = require("../processes/run-service");
const replace_1 = require("./replace");
const orderOf = (paymentKey) => paymentKey.slice(0, paymentKey.lastIndexOf(':'));
const epochOf = (paymentKey) => Number(paymentKey.slice(paymentKey.lastIndexOf(':') + 1));
/** An earlier epoch's key is the same key, so that there seems to be nothing to cancel. */
(0, replace_1.replaceExport)(paying, 'createPayment', (real) => (config, log) => {
    const payment = real(config, log);
    const charged = new Map();
    const alone = (paymentKey) => `${orderOf(paymentKey)}:0`;
    return (0, replace_1.changed)(payment, {
        charge: (paymentKey, order, call) => {
            charged.set(order.key, epochOf(paymentKey));
            return payment.charge(alone(paymentKey), order, call);
        },
        cancel: async (paymentKey, call) => charged.get(orderOf(paymentKey)) === epochOf(paymentKey)
            ? payment.cancel(alone(paymentKey), call)
            : 'cancelled',
    });
});
(0, run_service_1.runSaga)();
//# sourceMappingURL=one-payment-key-for-all-epochs.js.map