"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountOperatorRoutes = void 0;
const express_1 = __importDefault(require("express"));
const app_1 = require("../chassis/http/app");
const identity_1 = require("../chassis/http/identity");
const problem_1 = require("../chassis/http/problem");
const fields_1 = require("../schemas/fields");
const append_epoch_1 = require("./append-epoch");
const charge_ruling_1 = require("./charge-ruling");
const isReason = (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 500;
const isActor = (value) => (0, fields_1.isLine)(value, 100);
const rules = {
    reason: { holds: isReason, message: 'must be a text of 1 to 500 characters' },
    payment_key: { holds: isReason, message: 'must be a text of 1 to 500 characters' },
    actor: {
        holds: isActor,
        message: 'must be a text of 1 to 100 characters, none of them a control character',
    },
};
/**
 * Reads texts that must be there. Who orders it need not be said: there is one operators' token.
 * @throws ProblemError that names every member at fault.
 */
const readTexts = (request, ...names) => {
    const body = (request.body ?? {});
    const given = { ...body, actor: body['actor'] ?? 'operator' };
    const faults = [...names, 'actor'].flatMap((field) => rules[field].holds(given[field]) ? [] : [{ field, message: rules[field].message }]);
    if (faults.length > 0) {
        throw new problem_1.ProblemError({
            status: 400,
            error: 'INVALID_COMMAND',
            title: 'The command is not usable',
            errors: faults,
        });
    }
    return given;
};
/**
 * A new generation of the stock, by the claim that any process makes that finds Redis lost: every saga sees it within a
 * second, and one of them folds the log into the new generation. A claim too many does no harm.
 */
const rebuildStock = ({ parts, log }) => async (request, response) => {
    const { reason, actor } = readTexts(request, 'reason');
    const epoch = await (0, append_epoch_1.claimEpoch)(parts, actor, reason);
    log.warn(`an operator asked for a new generation of the stock: ${reason}`, {
        event: 'rebuild_asked',
        epoch,
        reason,
        actor,
        correlation_id: (0, app_1.correlationOf)(response),
    });
    response.status(202).set('Cache-Control', 'no-store').json({ status: 'ACCEPTED', epoch });
};
/** Gives back, for good, a charge that pays for no order. Asked again it says the same. */
const cancelCharge = ({ parts, payment, log }) => async (request, response) => {
    const { payment_key: paymentKey, reason, actor } = readTexts(request, 'payment_key', 'reason');
    const orderKey = (0, charge_ruling_1.orderOfPaymentKey)(paymentKey);
    const outcome = orderKey === undefined ? undefined : await (0, charge_ruling_1.findOutcome)(parts, orderKey);
    const ruling = (0, charge_ruling_1.ruleOnCharge)(paymentKey, outcome);
    if (ruling.kind === 'refused') {
        throw new problem_1.ProblemError({
            status: 409,
            error: 'CHARGE_STANDS',
            title: 'This charge is not given back',
            detail: ruling.why,
        });
    }
    const call = { endsAtMs: payment.budgetEndMs() };
    if ((await payment.cancel(paymentKey, call)) === 'unknown') {
        throw new problem_1.ProblemError({
            status: 503,
            error: 'PAYMENT_UNKNOWN',
            title: 'The payment provider gives no answer',
            detail: 'The charge may or may not be given back. The command may be repeated.',
            retryAfterSeconds: 5,
        });
    }
    log.warn(`an operator gave back the charge ${paymentKey}: ${reason}`, {
        event: 'charge_given_back',
        payment_key: paymentKey,
        order_status: ruling.status,
        reason,
        actor,
        correlation_id: (0, app_1.correlationOf)(response),
    });
    response.set('Cache-Control', 'no-store').json({ status: 'CANCELLED', payment_key: paymentKey });
};
/** What an operator may order of the saga: repairs that only the writer of its topics and its payments can make. */
const mountOperatorRoutes = (app, options) => {
    const admit = (request, _response, next) => {
        const fault = (0, identity_1.operatorFault)(request.headers.authorization, options.adminToken);
        if (fault)
            throw new problem_1.ProblemError(fault);
        next();
    };
    const routes = { 'rebuild-stock': rebuildStock(options), 'cancel-charge': cancelCharge(options) };
    for (const [name, handler] of Object.entries(routes)) {
        app
            .route(`/commands/${name}`)
            .post(admit, express_1.default.json({ limit: '16kb' }), handler)
            .all((0, app_1.onlyMethods)('POST'));
    }
};
exports.mountOperatorRoutes = mountOperatorRoutes;
//# sourceMappingURL=operator-routes.js.map