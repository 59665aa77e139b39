"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.verdictOf = exports.planCommand = exports.knowItems = void 0;
const deadline_1 = require("../chassis/deadline");
const problem_1 = require("../chassis/http/problem");
const log_1 = require("../chassis/kafka/log");
const command_digest_1 = require("../schemas/command-digest");
const item_ledger_1 = require("../schemas/item-ledger");
const topics_1 = require("../schemas/topics");
const admin_commands_1 = require("./admin-commands");
const buy_1 = require("./buy");
/** A buyer waits 3 s at most, and so does an operator. */
const catchUpMs = 2_500;
const retryMs = 1_000;
/** Each item costs every command API and saga about 300 bytes, for as long as the log lives. */
const itemsMax = 100_000;
/** Brings the ledger to the end of the log. @throws ProblemError 503 when the log does not answer. */
const knowItems = async ({ items }) => {
    try {
        await (0, deadline_1.withDeadline)(items.catchUp(), catchUpMs, 'reading the operators’ commands');
    }
    catch (error) {
        if (error instanceof log_1.InfrastructureError || error instanceof deadline_1.DeadlineError) {
            throw new problem_1.ProblemError((0, buy_1.unavailable)('not-in-log', retryMs), error);
        }
        throw error;
    }
};
exports.knowItems = knowItems;
const tooManyItems = {
    status: 409,
    error: 'TOO_MANY_ITEMS',
    title: 'There are too many items',
    detail: `This shop holds at most ${itemsMax} items.`,
};
/** The log has taken it, and the idempotency record has run out: a repeat all the same. */
const alreadyInLog = { status: 409, error: 'DUPLICATE', title: 'This command took effect before' };
const stockUnknown = {
    status: 503,
    error: 'STOCK_UNKNOWN',
    title: 'What is sold cannot be told at the moment',
    detail: 'The stock store is away or being rebuilt, so units cannot be taken out. Units can be added.',
    retryAfterSeconds: retryMs / 1000,
};
const objectionTo = async (parts, event, stocked) => {
    if (event.type !== 'StockAdjusted' || event.delta >= 0)
        return undefined;
    const committed = await parts.committed(event.item_id);
    return committed ? (0, admin_commands_1.belowCommitted)(event, stocked, committed) : stockUnknown;
};
/** What a command comes to, as far as can be known before it has its place in the log. */
const planCommand = async (parts, command) => {
    const { ledger } = parts.items;
    const known = ledger.placeOf(command.commandId);
    if (known) {
        const isOther = (0, command_digest_1.isOtherCommand)(known.digest, command.payload);
        return { kind: 'objection', problem: isOther ? buy_1.payloadMismatch : alreadyInLog };
    }
    const item = ledger.item(command.itemId);
    if (item === item_ledger_1.unknownItem && ledger.itemCount >= itemsMax)
        return { kind: 'objection', problem: tooManyItems };
    const plan = command.plan(item);
    if (plan.kind === 'objection')
        return plan;
    const problem = await objectionTo(parts, plan.event, item.stocked);
    return problem ? { kind: 'objection', problem } : plan;
};
exports.planCommand = planCommand;
/**
 * What became of it, once it has its place in the log: the fold decides. When the log does not answer now, the command is
 * in it all the same and the answer is that it was accepted.
 */
const verdictOf = async (parts, { command, correlationId }, submitted) => {
    const { ledger } = parts.items;
    const known = ledger.placeOf(command.commandId);
    if (submitted.kind === 'refused' && known && submitted.problem === alreadyInLog) {
        const { partition, offset } = known;
        const position = { topic: topics_1.topics.stockAdjustments.name, partition, offset };
        return {
            kind: 'accepted',
            first: { request_id: command.commandId, correlation_id: correlationId, position },
        };
    }
    if (submitted.kind !== 'appended' && submitted.kind !== 'accepted')
        return submitted;
    await (0, exports.knowItems)(parts).catch(() => undefined);
    return ledger.isOvertaken(submitted.first.position)
        ? { kind: 'refused', problem: command.overtaken(ledger.item(command.itemId)) }
        : submitted;
};
exports.verdictOf = verdictOf;
//# sourceMappingURL=plan-command.js.map