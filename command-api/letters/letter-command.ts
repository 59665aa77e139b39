import type { FieldFault } from '../../chassis/http/problem';
import { parsePosition } from '../../chassis/kafka/log';
import {
  letterFilterMembers,
  readLetterFilter,
  type LetterFilter,
} from '../../migrations/letters/letter-filter';
import { lineFault, pathIdFault } from '../../schemas/fields';
import { actorDefault } from '../admin-commands';
import { takeMembers, type Members } from '../buy';

export type LetterVerb = 'redrive' | 'discard';

/** Which letters: those that a dry run froze, some by their ids, or all that a filter finds now. */
export type LetterSelection =
  | { readonly kind: 'plan'; readonly planId: string }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'filter'; readonly filter: LetterFilter };

export interface LetterCommand {
  readonly verb: LetterVerb;
  readonly commandId: string;
  readonly selection: LetterSelection;
  readonly isDryRun: boolean;
  /** Letters a second. */
  readonly ratePerSecond: number;
  /** Most letters. */
  readonly limit: number;
  readonly note: string | null;
  readonly actor: string;
  /** Equal if and only if the same thing is asked for. */
  readonly payload: string;
}

export type ReadLetterCommand =
  | { readonly kind: 'command'; readonly command: LetterCommand }
  | { readonly kind: 'faults'; readonly faults: readonly FieldFault[] };

/** What fits into a body of 16 KiB; more letters are selected by a filter. */
const idsMax = 500;
const lettersMax = 10_000;
const ratePerSecondMax = 1_000;
const rateDefault = 100;
const noteCharactersMax = 500;

const camelCase = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const members = ['command_id', 'plan_id', 'ids', 'filter', 'dry_run', 'rate', 'limit', 'note', 'actor'];
const memberNames: ReadonlyMap<string, string> = new Map(
  members.flatMap((name) => [
    [name, name],
    [camelCase(name), name],
  ]),
);

type Taken = ReadonlyMap<string, unknown>;

const isLetterList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= idsMax &&
  value.every((id) => typeof id === 'string' && parsePosition(id) !== undefined);

const readFilter = (value: unknown, faults: FieldFault[]): LetterSelection | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push({ field: 'filter', message: 'must be an object; {} selects every open letter' });
    return undefined;
  }
  const unknown = Object.keys(value).filter((name) => !letterFilterMembers.includes(name as never));
  if (unknown.length > 0) {
    faults.push({ field: 'filter', message: `may hold ${letterFilterMembers.join(', ')}, and nothing else` });
  }
  // In a list an empty field of a form is no filter; a command must not take it for "all of them".
  const empty = Object.entries(value).filter(([, member]) => member === '');
  faults.push(...empty.map(([name]) => ({ field: `filter.${name}`, message: 'must not be empty' })));
  const read = readLetterFilter(value as Members, 'filter.');
  faults.push(...read.faults);
  return { kind: 'filter', filter: read.filter };
};

const readSelection = (taken: Taken, faults: FieldFault[]): LetterSelection | undefined => {
  const given = ['plan_id', 'ids', 'filter'].filter((name) => taken.has(name));
  if (given.length !== 1) {
    const message = 'exactly one of plan_id, ids and filter says which letters';
    faults.push({ field: given[1] ?? 'filter', message });
    return undefined;
  }
  if (taken.has('filter')) return readFilter(taken.get('filter'), faults);
  const ids = taken.get('ids');
  if (taken.has('ids')) {
    if (isLetterList(ids)) return { kind: 'ids', ids: [...new Set(ids)] };
    const message = `must be 1 to ${idsMax} ids of letters, topic:partition:offset`;
    faults.push({ field: 'ids', message });
    return undefined;
  }
  const planId = taken.get('plan_id');
  const fault = lineFault(planId);
  if (fault !== undefined) faults.push({ field: 'plan_id', message: fault });
  return { kind: 'plan', planId: String(planId) };
};

const readInteger = (
  taken: Taken,
  name: string,
  { most, otherwise }: { readonly most: number; readonly otherwise: number },
  faults: FieldFault[],
): number => {
  const value = taken.get(name) ?? otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  faults.push({ field: name, message: `must be an integer from 1 to ${most}` });
  return otherwise;
};

const readText = (taken: Taken, name: string, most: number, faults: FieldFault[]): string | null => {
  const value = taken.get(name) ?? null;
  if (value === null) return null;
  const message = lineFault(value, most);
  if (message !== undefined) faults.push({ field: name, message });
  return typeof value === 'string' ? value : null;
};

const readDryRun = (taken: Taken, faults: FieldFault[]): boolean => {
  const value = taken.get('dry_run') ?? false;
  if (typeof value !== 'boolean') faults.push({ field: 'dry_run', message: 'must be true or false' });
  return value === true;
};

/** The command that a body asks for, or all of its faults at once. */
export const readLetterCommand = (verb: LetterVerb, body: Members): ReadLetterCommand => {
  const faults: FieldFault[] = [];
  const taken = takeMembers(body, memberNames, faults);
  const commandId = taken.get('command_id');
  const idFault = pathIdFault(commandId);
  if (idFault !== undefined) faults.push({ field: 'command_id', message: idFault });
  const selection = readSelection(taken, faults);
  const isDryRun = readDryRun(taken, faults);
  const ratePerSecond = readInteger(
    taken,
    'rate',
    { most: ratePerSecondMax, otherwise: rateDefault },
    faults,
  );
  const limit = readInteger(taken, 'limit', { most: lettersMax, otherwise: lettersMax }, faults);
  const note = readText(taken, 'note', noteCharactersMax, faults);
  const actor = readText(taken, 'actor', 100, faults) ?? actorDefault;
  if (verb === 'discard' && note === null && !isDryRun) {
    faults.push({ field: 'note', message: 'is needed: why these letters need no processing' });
  }
  if (faults.length > 0 || selection === undefined) return { kind: 'faults', faults };
  const asked = JSON.stringify([verb, selection, ratePerSecond, limit, note]);
  return {
    kind: 'command',
    command: {
      verb,
      commandId: commandId as string,
      selection,
      isDryRun,
      ratePerSecond,
      limit,
      note,
      actor,
      payload: asked,
    },
  };
};
