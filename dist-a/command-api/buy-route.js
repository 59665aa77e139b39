"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.BuyRoute = exports.buyPath = void 0;
const correlation_1 = require("../chassis/http/correlation");
const problem_1 = require("../chassis/http/problem");
const read_body_1 = require("../chassis/http/read-body");
const answers_1 = require("./answers");
const buy_1 = require("./buy");
const buy_submission_1 = require("./buy-submission");
const buy_trace_1 = require("./buy-trace");
const command_headers_1 = require("./command-headers");
const command_metrics_1 = require("./command-metrics");
const command_path_1 = require("./command-path");
const json_members_1 = require("./json-members");
const request_body_1 = require("./request-body");
const sale_1 = require("./sale");
exports.buyPath = '/commands/buy';
const overloaded = (0, buy_1.unavailable)(command_path_1.overload.reason, command_path_1.overload.retryAfterMs);
/**
 * POST /commands/buy, ahead of express: its router, body parser and `res.json` cost as much again as the order itself
 * (docs/adr/0006). Other methods of this path, and everything else, are express's.
 */
class BuyRoute {
    options;
    constructor(options) {
        this.options = options;
    }
    /** True when the request is answered here, now or later. */
    front(request, response) {
        if (request.method !== 'POST' || request.url !== exports.buyPath)
            return false;
        this.handle(request, response);
        return true;
    }
    /** The same by way of express, for other spellings of the path: a query string, a slash at its end. */
    handle(request, response) {
        const exchange = { request, response, correlationId: (0, correlation_1.correlationIdOf)(request) };
        const fault = (0, request_body_1.headersFault)(request);
        if (fault) {
            this.refuseUnread(exchange, fault);
            return;
        }
        (0, read_body_1.readBody)(request, request_body_1.bodyBytesMax, (bytes) => {
            if (bytes === undefined)
                this.refuseUnread(exchange, request_body_1.tooLarge);
            else
                void this.buy(exchange, bytes);
        });
    }
    /** Never rejects. Counted as received here: a body that does not arrive whole has no answer to be counted with. */
    async buy(exchange, bytes) {
        const { identify, metrics } = this.options;
        metrics.received.inc();
        const receivedAtMs = performance.now();
        try {
            const sender = identify ? await this.whoSends(identify, exchange) : undefined;
            if (sender?.kind === 'refused')
                this.forbid(exchange, sender.problem);
            else
                await this.decide(exchange, bytes, sender?.subject);
        }
        catch (error) {
            this.fail(exchange, error);
        }
        metrics.durationSeconds.observe((performance.now() - receivedAtMs) / 1000);
    }
    /** Within the bound of what is under way: an issuer that hangs holds no more requests than Kafka may. */
    async whoSends(identify, { request }) {
        const sender = await this.options.path.within(() => identify(request.headers.authorization));
        return sender ?? { kind: 'refused', problem: overloaded };
    }
    refuseUnread(exchange, problem) {
        this.options.metrics.received.inc();
        this.refuse(exchange, problem);
    }
    async decide(exchange, bytes, buyer) {
        const { headers } = exchange.request;
        const parsed = (0, json_members_1.parseMembers)(bytes);
        if (parsed.kind === 'malformed') {
            this.refuse(exchange, (0, request_body_1.malformed)(parsed.detail));
            return;
        }
        const key = (0, command_headers_1.idempotencyKeyOf)(headers);
        const idempotencyKey = key.kind === 'key' ? key.key : undefined;
        const read = (0, buy_1.readBuy)(parsed.members, { buyer, faults: key.kind === 'fault' ? [key.fault] : [] });
        switch (read.kind) {
            case 'faults':
                this.refuse(exchange, (0, buy_1.invalidCommand)(read.faults));
                return;
            case 'other-buyer':
                this.forbid(exchange, buy_1.otherBuyer);
                return;
            case 'command': {
                const trace = (0, buy_trace_1.beginTrace)(this.options.tracing, headers);
                const submission = (0, buy_submission_1.submissionOf)(this.options.codec, read.command, {
                    buyer,
                    idempotencyKey,
                    saleId: this.options.saleId,
                    correlationId: exchange.correlationId,
                    traceparent: trace.traceparent,
                    span: trace.span,
                    requestedAtMs: this.options.clock(),
                    objection: () => this.objection(read.command.item_id),
                });
                const submitted = await this.options.path.submit(submission);
                if (trace.span)
                    (0, buy_trace_1.endTrace)(trace.span, exchange.correlationId, submitted);
                const answer = (0, buy_1.answerBuy)(submitted, idempotencyKey !== undefined);
                this.answer(exchange, read.command.request_id, answer);
                // After the answer: one that cannot be written becomes a 500, and is counted as that alone.
                (0, command_metrics_1.countOutcome)(this.options.metrics, submitted, idempotencyKey !== undefined);
            }
        }
    }
    objection(itemId) {
        const sale = this.options.saleOf(itemId);
        return sale === undefined ? undefined : (0, sale_1.notOnSale)(sale, this.options.clock());
    }
    answer({ response, correlationId }, requestId, answer) {
        const settings = this.options.answers;
        switch (answer.kind) {
            case 'pending':
                (0, answers_1.answerPending)(response, settings, { requestId, correlationId, ...answer });
                return;
            case 'duplicate':
                (0, answers_1.answerDuplicate)(response, settings, { requestId, correlationId, ...answer });
                return;
            case 'limited':
                (0, answers_1.answerLimited)(response, settings, answer.problem, correlationId);
                return;
            case 'problem':
                (0, answers_1.answerProblem)(response, answer.problem, correlationId);
                return;
        }
    }
    refuse(exchange, problem) {
        this.options.metrics.validationFailed.inc();
        (0, answers_1.answerProblem)(exchange.response, problem, exchange.correlationId);
    }
    forbid(exchange, problem) {
        (0, answers_1.answerProblem)(exchange.response, problem, exchange.correlationId);
        const { unauthorized, failed } = this.options.metrics;
        if (problem === overloaded)
            failed.inc({ reason: command_path_1.overload.reason });
        else if (problem.status === 503)
            failed.inc({ reason: 'identity-unavailable' });
        else
            unauthorized.inc();
    }
    fail(exchange, error) {
        this.options.log.error('a request to buy failed', {
            event: 'request_failed',
            correlation_id: exchange.correlationId,
            error,
        });
        this.options.metrics.failed.inc({ reason: 'internal' });
        if (exchange.response.headersSent)
            exchange.response.destroy();
        else
            (0, answers_1.answerProblem)(exchange.response, problem_1.internalError, exchange.correlationId);
    }
}
exports.BuyRoute = BuyRoute;
//# sourceMappingURL=buy-route.js.map