import { createHash } from 'node:crypto';
import type { RecordHeaders } from '../chassis/kafka/log';

const header = 'command-digest';
/** 64 bits: enough against a mistake, and a ledger keeps one for every command there ever was. */
const charactersMax = 11;

/**
 * What an operator asked for, in a header beside the event that it became: an event says what came of a command, and a
 * filter or a quantity cannot be read back from that. Whoever changes how a payload is written makes repeats of older
 * commands look like other ones.
 */
export const digestOf = (payload: string): string =>
  createHash('sha256').update(payload).digest('base64url').slice(0, charactersMax);

export const toDigestHeader = (payload: string): RecordHeaders => ({ [header]: digestOf(payload) });

/** Undefined for a record of a release that wrote none. Total. */
export const readDigest = (headers: RecordHeaders): string | undefined => {
  const value = headers[header];
  const text = value === undefined ? '' : Buffer.from(value as string).toString('latin1');
  return text.length === charactersMax ? text : undefined;
};

/** Whether a command_id was used for something else before. What was not written down is taken for the same. */
export const isOtherCommand = (recorded: string | undefined, payload: string): boolean =>
  recorded !== undefined && recorded !== digestOf(payload);
