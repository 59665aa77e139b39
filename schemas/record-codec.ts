import type { Type } from 'avsc';
import type { Decoded, PoisonReason } from './codec';
import type { DomainEvent, EventType } from './events';
import type { Reader } from './readers';
import { rules, toToday } from './today';

/** Confluent framing: byte 0, then the id of the writer's schema as int32 big-endian, then the Avro body. */
const magicByte = 0;
const headerBytes = 5;

type FieldRule = readonly [field: string, isValid: (value: unknown) => boolean, wanted: string];

const rulesOf = Object.fromEntries(
  Object.entries(rules).map(([eventType, byField]) => [
    eventType,
    Object.entries(byField).map(([field, [isValid, wanted]]): FieldRule => [field, isValid, wanted]),
  ]),
) as unknown as Readonly<Record<EventType, readonly FieldRule[]>>;

/** Which field cannot be trusted, and what it should have been; `undefined` when all can. */
export const faultIn = (event: DomainEvent): string | undefined => {
  const members = event as unknown as Readonly<Record<string, unknown>>;
  for (const [field, isValid, wanted] of rulesOf[event.type]) {
    if (!isValid(members[field])) return `${event.type}.${field} must be ${wanted}`;
  }
  return undefined;
};

export const poison = (reason: PoisonReason, detail: string): Decoded => ({ kind: 'poison', reason, detail });

/** The schema id of a framed value; `undefined` when it is not framed. Negative ids do not exist. */
export const schemaIdIn = (value: Buffer): number | undefined => {
  if (value.length < headerBytes || value[0] !== magicByte) return undefined;
  const id = value.readInt32BE(1);
  return id < 0 ? undefined : id;
};

const explain = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 300);

/** Reads the body of a framed value with the reader of its schema. Total. */
export const decodeBody = (
  value: Buffer,
  schemaId: number,
  reader: Extract<Reader, { kind: 'ours' }>,
): Decoded => {
  let raw: unknown;
  try {
    const decoded = reader.type.decode(value, headerBytes, reader.resolver);
    if (decoded.offset !== value.length) {
      return poison(
        'UNDECODABLE',
        decoded.offset < 0 ? 'the body ends too early' : `${value.length - decoded.offset} bytes too many`,
      );
    }
    raw = decoded.value;
  } catch (error) {
    return poison('UNDECODABLE', explain(error));
  }
  const event = toToday[reader.eventType](raw as never);
  const fault = faultIn(event);
  return fault === undefined ? { kind: 'event', event, schemaId } : poison('INVALID_FIELD', fault);
};

/** Bodies are a few hundred bytes; a larger one is encoded into a buffer of its own. */
const scratch = Buffer.allocUnsafeSlow(4096);

/**
 * Frames and encodes with the newest schema.
 * @throws TypeError when a field breaks its rule: what no reader would trust is not written.
 */
export const encodeFramed = (type: Type, schemaId: number, event: DomainEvent): Buffer => {
  const fault = faultIn(event);
  if (fault !== undefined) throw new TypeError(fault);
  let target = scratch;
  let end = type.encode(event, target, headerBytes);
  if (end < 0) {
    target = Buffer.allocUnsafe(target.length - end);
    end = type.encode(event, target, headerBytes);
  }
  target[0] = magicByte;
  target.writeInt32BE(schemaId, 1);
  return target === scratch ? Buffer.from(scratch.subarray(0, end)) : target;
};
