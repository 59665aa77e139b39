"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountAdminRoutes = void 0;
const app_1 = require("../chassis/http/app");
const identity_1 = require("../chassis/http/identity");
const problem_1 = require("../chassis/http/problem");
const log_1 = require("../chassis/kafka/log");
const command_digest_1 = require("../schemas/command-digest");
const event_id_1 = require("../schemas/event-id");
const new_record_1 = require("../schemas/new-record");
const topics_1 = require("../schemas/topics");
const admin_commands_1 = require("./admin-commands");
const buy_1 = require("./buy");
const command_headers_1 = require("./command-headers");
const plan_command_1 = require("./plan-command");
const read_members_1 = require("./read-members");
const sale_command_1 = require("./sale-command");
const readCommand = async (request, read, nowMs) => {
    const command = read(await (0, read_members_1.readMembers)(request), { nowMs });
    if (command.kind === 'faults')
        throw new problem_1.ProblemError((0, buy_1.invalidCommand)(command.faults));
    return command.command;
};
const recordOf = (options, event, payload, trace) => {
    const record = (0, new_record_1.toRecord)(options.codec, topics_1.topics.stockAdjustments.name, event, {
        event_id: (0, event_id_1.eventIdOf)(event),
        correlation_id: trace.correlationId,
        causation_id: trace.correlationId,
        source: 'command-api',
        traceparent: trace.traceparent,
    });
    return { ...record, headers: { ...record.headers, ...(0, command_digest_1.toDigestHeader)(payload) } };
};
const submissionOf = (options, { commandId, payload }, planned, trace) => {
    const claim = {
        recordKey: `{${options.saleId}}:command-answer:${commandId}`,
        payload,
        correlationId: trace.correlationId,
    };
    const firstAnswer = (position) => ({
        request_id: commandId,
        correlation_id: trace.correlationId,
        position,
    });
    return planned.kind === 'event'
        ? { claim, firstAnswer, record: recordOf(options, planned.event, payload, trace) }
        : { claim, firstAnswer, record: undefined, objection: () => planned.problem };
};
/** The first answer and whether it is given again; a problem for everything else. */
const firstAnswerOf = (submitted) => {
    switch (submitted.kind) {
        case 'appended':
            return { first: submitted.first, replayed: false };
        case 'accepted':
            return { first: submitted.first, replayed: true };
        case 'refused':
            throw new problem_1.ProblemError(submitted.problem);
        case 'in-flight':
            throw new problem_1.ProblemError((0, buy_1.inFlight)(submitted.retryAfterMs));
        case 'mismatch':
            throw new problem_1.ProblemError(buy_1.payloadMismatch);
        case 'unavailable':
            throw new problem_1.ProblemError((0, buy_1.unavailable)(submitted.reason, submitted.retryAfterMs));
        case 'limited':
            throw new Error('an operator’s command has no window to be limited by');
    }
};
const answer = (response, submitted) => {
    const { first, replayed } = firstAnswerOf(submitted);
    if (replayed)
        response.set('Idempotency-Replayed', 'true');
    response
        .status(202)
        .set('Cache-Control', 'no-store')
        .json({
        status: 'ACCEPTED',
        command_id: first.request_id,
        correlation_id: first.correlation_id,
        position: (0, log_1.formatPosition)(first.position),
    });
};
const handler = (options, name, read) => async (request, response) => {
    const refusal = (0, identity_1.operatorFault)(request.headers.authorization, options.adminToken);
    if (refusal)
        throw new problem_1.ProblemError(refusal);
    const command = await readCommand(request, read, options.clock());
    await (0, plan_command_1.knowItems)(options);
    const planned = await (0, plan_command_1.planCommand)(options, command);
    const correlationId = (0, app_1.correlationOf)(response);
    const trace = { correlationId, traceparent: (0, command_headers_1.traceparentOf)(request.headers) };
    const submission = submissionOf(options, command, planned, trace);
    const submitted = await (0, plan_command_1.verdictOf)(options, { command, correlationId }, await options.path.submit(submission));
    options.metrics.adminCommands.inc({ command: name, outcome: submitted.kind });
    options.log.info(`${name}: ${submitted.kind}`, {
        event: 'admin_command',
        command: name,
        command_id: command.commandId,
        item_id: command.itemId,
        correlation_id: correlationId,
    });
    answer(response, submitted);
};
/** Operators' commands. Each becomes an event; its command_id makes a repeat harmless, in the answer and in every fold. */
const mountAdminRoutes = (app, options) => {
    const commands = [
        ['adjust-stock', admin_commands_1.readAdjustStock],
        ['set-buyer-limit', admin_commands_1.readSetBuyerLimit],
        ['sale', sale_command_1.readSale],
    ];
    for (const [name, read] of commands) {
        app
            .route(`/commands/${name}`)
            .post(handler(options, name, read))
            .all((0, app_1.onlyMethods)('POST'));
    }
};
exports.mountAdminRoutes = mountAdminRoutes;
//# sourceMappingURL=admin-routes.js.map