import type { FieldFault, Problem } from '../chassis/http/problem';
import type { SalesChannel } from '../schemas/events';
import { amountMax, isAmount, isName, pathIdFault } from '../schemas/fields';
import type { FirstAnswer, Quota } from './admission';
import type { Submitted, Unavailability } from './command-path';

/** A buyer's intent, checked: what may become an OrderRequested. */
export interface BuyCommand {
  readonly user_id: string;
  readonly item_id: string;
  readonly amount: number;
  readonly request_id: string;
  readonly sales_channel: SalesChannel | null;
}

/** What is known of the sender beside the body. */
export interface BuyContext {
  /** Who the token says is buying; undefined without authentication. */
  readonly buyer: string | undefined;
  /** What is wrong with the headers, to be told together with the body's faults. */
  readonly faults: readonly FieldFault[];
}

export type ReadBuy =
  | { readonly kind: 'command'; readonly command: BuyCommand }
  | { readonly kind: 'faults'; readonly faults: readonly FieldFault[] }
  | { readonly kind: 'other-buyer' };

export type Members = Readonly<Record<string, unknown>>;

const safeName = /^[A-Za-z0-9_.-]{1,64}$/;
/** A body of 16 KiB holds thousands of unknown members; naming them all would make the answer larger than the question. */
const faultsMax = 20;

export const identifierFault = 'must be 1 to 100 characters of A-Z a-z 0-9 _ -';

/** Members by their snake_case names. Unknown ones, and one member under both its names, become faults. */
export const takeMembers = (
  members: Members,
  names: ReadonlyMap<string, string>,
  faults: FieldFault[],
): ReadonlyMap<string, unknown> => {
  const taken = new Map<string, unknown>();
  for (const given of Object.keys(members)) {
    const name = names.get(given);
    if (name === undefined) {
      if (faults.length < faultsMax) {
        faults.push({
          field: safeName.test(given) ? given : '(unknown)',
          message: 'is not a member of this command',
        });
      }
    } else if (taken.has(name)) {
      faults.push({ field: name, message: 'is given twice, in snake_case and in camelCase' });
    } else {
      taken.set(name, members[given]);
    }
  }
  return taken;
};

const buyMembers: ReadonlyMap<string, string> = new Map([
  ['user_id', 'user_id'],
  ['userId', 'user_id'],
  ['item_id', 'item_id'],
  ['itemId', 'item_id'],
  ['amount', 'amount'],
  ['request_id', 'request_id'],
  ['requestId', 'request_id'],
  ['sales_channel', 'sales_channel'],
  ['salesChannel', 'sales_channel'],
]);

/** Channels come and go faster than clients and schemas are released: one that is not known yet is OTHER, not a fault. */
const knownChannels: ReadonlyMap<string, SalesChannel> = new Map([
  ['web', 'WEB'],
  ['app', 'APP'],
  ['partner', 'PARTNER'],
]);

const isChannel = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || isName(value);

const toChannel = (value: string | null | undefined): SalesChannel | null =>
  typeof value === 'string' ? (knownChannels.get(value.toLowerCase()) ?? 'OTHER') : null;

/** The command that a body asks for, or all of its faults at once. */
export const readBuy = (members: Members, context: BuyContext): ReadBuy => {
  const faults: FieldFault[] = [...context.faults];
  const taken = takeMembers(members, buyMembers, faults);
  const userId = taken.has('user_id') ? taken.get('user_id') : context.buyer;
  const itemId = taken.get('item_id');
  const amount = taken.get('amount');
  const requestId = taken.get('request_id');
  const requestIdFault = pathIdFault(requestId);
  const channel = taken.get('sales_channel');

  if (!isName(userId)) faults.push({ field: 'user_id', message: identifierFault });
  if (!isName(itemId)) faults.push({ field: 'item_id', message: identifierFault });
  if (!isAmount(amount)) {
    faults.push({ field: 'amount', message: `must be an integer from 1 to ${amountMax}` });
  }
  if (requestIdFault !== undefined) faults.push({ field: 'request_id', message: requestIdFault });
  if (!isChannel(channel)) faults.push({ field: 'sales_channel', message: identifierFault });
  if (faults.length > 0) return { kind: 'faults', faults };

  if (context.buyer !== undefined && userId !== context.buyer) return { kind: 'other-buyer' };
  return {
    kind: 'command',
    command: {
      user_id: userId as string,
      item_id: itemId as string,
      amount: amount as number,
      request_id: requestId as string,
      sales_channel: toChannel(channel as string | null | undefined),
    },
  };
};

export type BuyAnswer =
  | {
      readonly kind: 'pending';
      readonly first: FirstAnswer;
      readonly quota: Quota | undefined;
      readonly replayed: boolean;
    }
  | { readonly kind: 'duplicate'; readonly first: FirstAnswer }
  | { readonly kind: 'limited'; readonly problem: Problem }
  | { readonly kind: 'problem'; readonly problem: Problem };

export const otherBuyer: Problem = {
  status: 403,
  error: 'OTHER_BUYER',
  title: 'The token belongs to another buyer',
  detail: 'Leave user_id out, or set it to the subject of the token.',
};

export const invalidCommand = (faults: readonly FieldFault[]): Problem => ({
  status: 400,
  error: 'VALIDATION_FAILED',
  title: 'The command is not valid',
  detail: faults.length === 1 ? 'One member is at fault.' : `${faults.length} members are at fault.`,
  errors: faults,
});

export const inFlight = (retryAfterMs: number): Problem => ({
  status: 409,
  error: 'IN_FLIGHT',
  title: 'The same request is being handled',
  detail: 'The first copy of this request has no answer yet. Send it again after Retry-After seconds.',
  retryAfterSeconds: retryAfterMs / 1000,
});

export const payloadMismatch: Problem = {
  status: 422,
  error: 'PAYLOAD_MISMATCH',
  title: 'This id was used for another request',
  detail: 'The id belongs to an earlier request with another body. Choose a new one.',
};

const rateLimited = (retryAfterMs: number): Problem => ({
  status: 429,
  error: 'RATE_LIMITED',
  title: 'Too many requests of this user',
  detail: 'The limit counts what was asked within the last window. Send again after Retry-After seconds.',
  retryAfterSeconds: retryAfterMs / 1000,
});

const unavailableDetail: Readonly<Record<Unavailability, string>> = {
  'breaker-open': 'The log did not answer lately. The id stays usable: send the same request again.',
  overload: 'Too many requests wait. The id stays usable: send the same request again.',
  'not-in-log': 'The log did not take it. The id stays usable: send the same request again.',
  unknown: 'The log did not answer in time. Send the same request again: it takes effect only once.',
};

export const unavailable = (reason: Unavailability, retryAfterMs: number): Problem => ({
  status: 503,
  error: 'UNAVAILABLE',
  title: 'Commands cannot be taken at the moment',
  detail: unavailableDetail[reason],
  retryAfterSeconds: retryAfterMs / 1000,
});

/**
 * What a buyer is told. `asksForReplay`: an `Idempotency-Key` came along, so a repeat gets the first answer and not
 * a 409.
 */
export const answerBuy = (submitted: Submitted, asksForReplay: boolean): BuyAnswer => {
  switch (submitted.kind) {
    case 'appended':
      return { kind: 'pending', first: submitted.first, quota: submitted.quota, replayed: false };
    case 'accepted':
      return asksForReplay
        ? { kind: 'pending', first: submitted.first, quota: undefined, replayed: true }
        : { kind: 'duplicate', first: submitted.first };
    case 'in-flight':
      return { kind: 'problem', problem: inFlight(submitted.retryAfterMs) };
    case 'mismatch':
      return { kind: 'problem', problem: payloadMismatch };
    case 'refused':
      return { kind: 'problem', problem: submitted.problem };
    case 'limited':
      return { kind: 'limited', problem: rateLimited(submitted.retryAfterMs) };
    case 'unavailable':
      return { kind: 'problem', problem: unavailable(submitted.reason, submitted.retryAfterMs) };
  }
};
