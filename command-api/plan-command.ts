import { DeadlineError, withDeadline } from '../chassis/deadline';
import { ProblemError, type Problem } from '../chassis/http/problem';
import { InfrastructureError } from '../chassis/kafka/log';
import { isOtherCommand } from '../schemas/command-digest';
import type { ItemEvent } from '../schemas/events';
import type { ItemFollower } from '../schemas/follow-items';
import { unknownItem } from '../schemas/item-ledger';
import { topics } from '../schemas/topics';
import { belowCommitted, type AdminCommand, type Committed } from './admin-commands';
import { payloadMismatch, unavailable } from './buy';
import type { Submitted } from './command-path';

export interface PlanParts {
  readonly items: ItemFollower;
  /** What is sold and reserved now; undefined when nobody can say. */
  readonly committed: (itemId: string) => Promise<Committed | undefined>;
}

/** What becomes of a command before it is in the log: an event, or what stands against it. */
export type Planned =
  | { readonly kind: 'event'; readonly event: ItemEvent }
  | { readonly kind: 'objection'; readonly problem: Problem };

/**
 * Before a command and again after it. With 1 s for what is sold and 2.9 s on its way between the two an operator waits
 * 8.9 s at worst.
 */
const catchUpMs = 2_500;
const retryMs = 1_000;
/** Each item costs every command API and saga about 300 bytes, for as long as the log lives. */
const itemsMax = 100_000;

/** Brings the ledger to the end of the log. @throws ProblemError 503 when the log does not answer. */
export const knowItems = async ({ items }: PlanParts): Promise<void> => {
  try {
    await withDeadline(items.catchUp(), catchUpMs, 'reading the operators’ commands');
  } catch (error) {
    if (error instanceof InfrastructureError || error instanceof DeadlineError) {
      throw new ProblemError(unavailable('not-in-log', retryMs), error);
    }
    throw error;
  }
};

const tooManyItems: Problem = {
  status: 409,
  error: 'TOO_MANY_ITEMS',
  title: 'There are too many items',
  detail: `This shop holds at most ${itemsMax} items.`,
};

/** The log has taken it, and the idempotency record has run out: a repeat all the same. */
const alreadyInLog: Problem = { status: 409, error: 'DUPLICATE', title: 'This command took effect before' };

const stockUnknown: Problem = {
  status: 503,
  error: 'STOCK_UNKNOWN',
  title: 'What is sold cannot be told at the moment',
  detail: 'The stock store is away or being rebuilt, so units cannot be taken out. Units can be added.',
  retryAfterSeconds: retryMs / 1000,
};

const objectionTo = async (
  parts: PlanParts,
  event: ItemEvent,
  stocked: number,
): Promise<Problem | undefined> => {
  if (event.type !== 'StockAdjusted' || event.delta >= 0) return undefined;
  const committed = await parts.committed(event.item_id);
  return committed ? belowCommitted(event, stocked, committed) : stockUnknown;
};

/** What a command comes to, as far as can be known before it has its place in the log. */
export const planCommand = async (parts: PlanParts, command: AdminCommand): Promise<Planned> => {
  const { ledger } = parts.items;
  const known = ledger.placeOf(command.commandId);
  if (known) {
    const isOther = isOtherCommand(known.digest, command.payload);
    return { kind: 'objection', problem: isOther ? payloadMismatch : alreadyInLog };
  }
  const item = ledger.item(command.itemId);
  if (item === unknownItem && ledger.itemCount >= itemsMax)
    return { kind: 'objection', problem: tooManyItems };
  const plan = command.plan(item);
  if (plan.kind === 'objection') return plan;
  const problem = await objectionTo(parts, plan.event, item.stocked);
  return problem ? { kind: 'objection', problem } : plan;
};

/**
 * What became of it, once it has its place in the log: the fold decides. When the log does not answer now, the command is
 * in it all the same and the answer is that it was accepted.
 */
export const verdictOf = async (
  parts: PlanParts,
  { command, correlationId }: { readonly command: AdminCommand; readonly correlationId: string },
  submitted: Submitted,
): Promise<Submitted> => {
  const { ledger } = parts.items;
  const known = ledger.placeOf(command.commandId);
  if (submitted.kind === 'refused' && known && submitted.problem === alreadyInLog) {
    const { partition, offset } = known;
    const position = { topic: topics.stockAdjustments.name, partition, offset };
    return {
      kind: 'accepted',
      first: { correlation_id: correlationId, position },
    };
  }
  if (submitted.kind !== 'appended' && submitted.kind !== 'accepted') return submitted;
  await knowItems(parts).catch(() => undefined);
  return ledger.isOvertaken(submitted.first.position)
    ? { kind: 'refused', problem: command.overtaken(ledger.item(command.itemId)) }
    : submitted;
};
