import { parseInstantMs } from '../../chassis/instant';
import type { FieldFault } from '../../chassis/http/problem';

/** Where a letter stands. PARKED and FAILED_AGAIN are open: somebody must look at them. */
export const letterStates = ['PARKED', 'REDRIVEN', 'RESOLVED', 'FAILED_AGAIN', 'DISCARDED'] as const;
export type LetterState = (typeof letterStates)[number];

export const openStates: readonly LetterState[] = ['PARKED', 'FAILED_AGAIN'];

/** Which letters: the same members select them in a list and in a command. */
export interface LetterFilter {
  readonly reason?: string;
  readonly group?: string;
  readonly states?: readonly LetterState[];
  readonly item?: string;
  /** The record's key, or the request_id or command_id that the letter is about. */
  readonly key?: string;
  readonly topic?: string;
  /** Parked at this time or later, milliseconds since 1970. */
  readonly fromMs?: number;
  /** Parked before this time. */
  readonly toMs?: number;
}

export const letterFilterMembers = [
  'reason',
  'group',
  'state',
  'item',
  'key',
  'topic',
  'from',
  'to',
] as const;
type Member = (typeof letterFilterMembers)[number];

const textCharactersMax = 301;
/** Code points, as the API's document counts. */
const isWithin = (text: string): boolean =>
  text.length <= textCharactersMax ||
  (text.length <= 2 * textCharactersMax && Array.from(text).length <= textCharactersMax);

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && isWithin(value) && !value.includes('\u0000');

const isState = (name: unknown): name is LetterState => letterStates.includes(name as LetterState);

/** One state, several separated by commas, or a list of them. */
const statesOf = (value: unknown): readonly LetterState[] | undefined => {
  const names: readonly unknown[] = Array.isArray(value) ? value : String(value).split(',');
  return names.length > 0 && names.every(isState) ? [...new Set(names)] : undefined;
};

const instantOf = (value: unknown): number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? parseInstantMs(String(value)) : undefined;

const readers: Readonly<Record<Member, (value: unknown) => LetterFilter | undefined>> = {
  reason: (value) => (isText(value) ? { reason: value } : undefined),
  group: (value) => (isText(value) ? { group: value } : undefined),
  item: (value) => (isText(value) ? { item: value } : undefined),
  key: (value) => (isText(value) ? { key: value } : undefined),
  topic: (value) => (isText(value) ? { topic: value } : undefined),
  state: (value) => {
    const states = statesOf(value);
    return states && { states };
  },
  from: (value) => {
    const fromMs = instantOf(value);
    return fromMs === undefined ? undefined : { fromMs };
  },
  to: (value) => {
    const toMs = instantOf(value);
    return toMs === undefined ? undefined : { toMs };
  },
};

const messages: Readonly<Record<Member, string>> = {
  reason: 'must be text, at most 301 characters',
  group: 'must be the id of a group',
  item: 'must be text, at most 301 characters',
  key: 'must be text, at most 301 characters',
  topic: 'must be the name of a topic',
  state: `must be one or several of ${letterStates.join(', ')}`,
  from: 'must be a time such as 2026-11-27T12:00:00Z, or milliseconds since 1970',
  to: 'must be a time such as 2026-11-27T12:00:00Z, or milliseconds since 1970',
};

/**
 * Reads a filter from members of a query or a body. Members that are no filter's are passed over; so is one that a form
 * left empty.
 * @param prefix put before a field's name in a fault, such as `filter.`
 */
export const readLetterFilter = (
  members: Readonly<Record<string, unknown>>,
  prefix = '',
): { readonly filter: LetterFilter; readonly faults: readonly FieldFault[] } => {
  let filter: LetterFilter = {};
  const faults: FieldFault[] = [];
  for (const name of letterFilterMembers) {
    const given = members[name];
    if (given === undefined || given === '') continue;
    const read = readers[name](given);
    if (read === undefined) faults.push({ field: `${prefix}${name}`, message: messages[name] });
    else filter = { ...filter, ...read };
  }
  return { filter, faults };
};
