"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountLetterRoutes = void 0;
const app_1 = require("../../chassis/http/app");
const identity_1 = require("../../chassis/http/identity");
const problem_1 = require("../../chassis/http/problem");
const log_1 = require("../../chassis/kafka/log");
const postgres_trouble_1 = require("../../chassis/postgres-trouble");
const buy_1 = require("../buy");
const command_headers_1 = require("../command-headers");
const read_members_1 = require("../read-members");
const admit_origin_1 = require("./admit-origin");
const letter_command_1 = require("./letter-command");
const lettersUnavailable = {
    status: 503,
    error: 'VIEW_UNAVAILABLE',
    title: 'Dead letters cannot be read at the moment',
    detail: 'The read model, Kafka or the Schema Registry does not answer. Nothing was done; orders are accepted meanwhile.',
    retryAfterSeconds: 2,
};
const readCommand = async (request, verb) => {
    const read = (0, letter_command_1.readLetterCommand)(verb, await (0, read_members_1.readMembers)(request));
    if (read.kind === 'faults')
        throw new problem_1.ProblemError((0, buy_1.invalidCommand)(read.faults));
    return read.command;
};
const isTrouble = (error) => error instanceof log_1.InfrastructureError || (0, postgres_trouble_1.isPostgresTrouble)(error);
const handler = (options, verb) => async (request, response) => {
    const { desk, metrics, log, adminToken, queryUrl } = options;
    const refusal = (0, identity_1.operatorFault)(request.headers.authorization, adminToken);
    if (refusal)
        throw new problem_1.ProblemError(refusal);
    const command = await readCommand(request, verb);
    const trace = { correlationId: (0, app_1.correlationOf)(response), traceparent: (0, command_headers_1.traceparentOf)(request.headers) };
    response.set('Cache-Control', 'no-store');
    try {
        if (command.isDryRun) {
            response.status(200).json(await desk.plan(command, trace));
            return;
        }
        const { commandId, letters, position, isReplayed } = await desk.order(command, trace);
        metrics.adminCommands.inc({ command: verb, outcome: isReplayed ? 'accepted' : 'appended' });
        log.info(`${verb}: ${letters} letters`, {
            event: 'letter_command',
            command: verb,
            command_id: commandId,
            actor: command.actor,
            letters,
            correlation_id: trace.correlationId,
        });
        const status_url = `${queryUrl}/admin/redrives/${encodeURIComponent(commandId)}`;
        if (isReplayed)
            response.set('Idempotency-Replayed', 'true');
        response.status(202).set('Location', status_url).json({
            status: 'ACCEPTED',
            command_id: commandId,
            status_url,
            letters,
            correlation_id: trace.correlationId,
            position,
        });
    }
    catch (error) {
        throw isTrouble(error) ? new problem_1.ProblemError(lettersUnavailable, error) : error;
    }
};
/** `/commands/redrive` and `/commands/discard`: what operators do about dead letters. */
const mountLetterRoutes = (app, options) => {
    for (const verb of ['redrive', 'discard']) {
        app
            .route(`/commands/${verb}`)
            .all((0, admit_origin_1.admitOrigin)(options.consoleOrigin))
            .post(handler(options, verb))
            .all((0, app_1.onlyMethods)('POST'));
    }
};
exports.mountLetterRoutes = mountLetterRoutes;
//# sourceMappingURL=letter-routes.js.map