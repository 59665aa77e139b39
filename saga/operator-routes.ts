import express, { type Express, type Request, type RequestHandler } from 'express';
import { correlationOf, onlyMethods } from '../chassis/http/app';
import { operatorFault } from '../chassis/http/identity';
import { ProblemError, type FieldFault } from '../chassis/http/problem';
import type { Log } from '../chassis/log';
import { isLine } from '../schemas/fields';
import { claimEpoch, type AppendParts } from './append-epoch';
import { findOutcome, orderOfPaymentKey, ruleOnCharge, type OutcomeInLogParts } from './charge-ruling';
import type { Payment } from './ports';

export interface OperatorRoutesOptions {
  /** Operators' routes are off without it. */
  readonly adminToken: string | undefined;
  readonly parts: AppendParts & OutcomeInLogParts;
  readonly payment: Pick<Payment, 'cancel' | 'budgetEndMs'>;
  readonly log: Log;
}

type Rule = (value: unknown) => boolean;
const isReason: Rule = (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 500;
const isActor: Rule = (value) => isLine(value, 100);
const rules = {
  reason: { holds: isReason, message: 'must be a text of 1 to 500 characters' },
  payment_key: { holds: isReason, message: 'must be a text of 1 to 500 characters' },
  actor: {
    holds: isActor,
    message: 'must be a text of 1 to 100 characters, none of them a control character',
  },
};
type Member = keyof typeof rules;

/**
 * Reads texts that must be there. Who orders it need not be said: there is one operators' token.
 * @throws ProblemError that names every member at fault.
 */
const readTexts = <Name extends Member>(
  request: Request,
  ...names: readonly Name[]
): Readonly<Record<Name | 'actor', string>> => {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const given = { ...body, actor: body['actor'] ?? 'operator' } as Readonly<Record<Member, unknown>>;
  const faults: FieldFault[] = [...names, 'actor' as const].flatMap((field) =>
    rules[field].holds(given[field]) ? [] : [{ field, message: rules[field].message }],
  );
  if (faults.length > 0) {
    throw new ProblemError({
      status: 400,
      error: 'INVALID_COMMAND',
      title: 'The command is not usable',
      errors: faults,
    });
  }
  return given as Readonly<Record<Name | 'actor', string>>;
};

/**
 * A new generation of the stock, by the claim that any process makes that finds Redis lost: every saga sees it within a
 * second, and one of them folds the log into the new generation. A claim too many does no harm.
 */
const rebuildStock =
  ({ parts, log }: OperatorRoutesOptions): RequestHandler =>
  async (request, response) => {
    const { reason, actor } = readTexts(request, 'reason');
    const epoch = await claimEpoch(parts, actor, reason);
    log.warn(`an operator asked for a new generation of the stock: ${reason}`, {
      event: 'rebuild_asked',
      epoch,
      reason,
      actor,
      correlation_id: correlationOf(response),
    });
    response.status(202).set('Cache-Control', 'no-store').json({ status: 'ACCEPTED', epoch });
  };

/** Gives back, for good, a charge that pays for no order. Asked again it says the same. */
const cancelCharge =
  ({ parts, payment, log }: OperatorRoutesOptions): RequestHandler =>
  async (request, response) => {
    const { payment_key: paymentKey, reason, actor } = readTexts(request, 'payment_key', 'reason');
    const orderKey = orderOfPaymentKey(paymentKey);
    const outcome = orderKey === undefined ? undefined : await findOutcome(parts, orderKey);
    const ruling = ruleOnCharge(paymentKey, outcome);
    if (ruling.kind === 'refused') {
      throw new ProblemError({
        status: 409,
        error: 'CHARGE_STANDS',
        title: 'This charge is not given back',
        detail: ruling.why,
      });
    }
    const call = { endsAtMs: payment.budgetEndMs() };
    if ((await payment.cancel(paymentKey, call)) === 'unknown') {
      throw new ProblemError({
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
      correlation_id: correlationOf(response),
    });
    response.set('Cache-Control', 'no-store').json({ status: 'CANCELLED', payment_key: paymentKey });
  };

/** What an operator may order of the saga: repairs that only the writer of its topics and its payments can make. */
export const mountOperatorRoutes = (app: Express, options: OperatorRoutesOptions): void => {
  const admit: RequestHandler = (request, _response, next) => {
    const fault = operatorFault(request.headers.authorization, options.adminToken);
    if (fault) throw new ProblemError(fault);
    next();
  };
  const routes = { 'rebuild-stock': rebuildStock(options), 'cancel-charge': cancelCharge(options) };
  for (const [name, handler] of Object.entries(routes)) {
    app
      .route(`/commands/${name}`)
      .post(admit, express.json({ limit: '16kb' }), handler)
      .all(onlyMethods('POST'));
  }
};
