import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes, type EventType } from './events';

/** A JSON value as it stands in an `.avsc` file; avsc judges whether it is a schema. */
export type SchemaJson = string | readonly SchemaJson[] | { readonly [member: string]: unknown };

/** One released version of one event. Released means: a log somewhere may hold records written with it. */
export interface SchemaVersion {
  readonly eventType: EventType;
  /** 1, 2, … without a gap. */
  readonly version: number;
  readonly schema: SchemaJson;
  /** The schema as the registry is given it, byte for byte: lookups compare text. */
  readonly text: string;
}

/** Every version of every event, oldest first; the last one is what our writers write. */
export type SchemaHistory = Readonly<Record<EventType, readonly SchemaVersion[]>>;

/** The Avro namespace of every record we publish. */
export const namespace = 'flashsale';

export const fullName = (eventType: EventType): string => `${namespace}.${eventType}`;

const readVersion = (folder: string, eventType: EventType, version: number): SchemaVersion => {
  const schema = JSON.parse(
    readFileSync(join(folder, eventType, `v${version}.avsc`), 'utf8'),
  ) as SchemaVersion['schema'];
  return { eventType, version, schema, text: JSON.stringify(schema) };
};

const readVersions = (folder: string, eventType: EventType): readonly SchemaVersion[] => {
  const files = readdirSync(join(folder, eventType)).filter((file) => file.endsWith('.avsc'));
  return files.map((_, index) => {
    if (!files.includes(`v${index + 1}.avsc`)) {
      throw new Error(
        `${eventType} has ${files.length} .avsc files but no v${index + 1}.avsc: versions count from 1 without a gap.`,
      );
    }
    return readVersion(folder, eventType, index + 1);
  });
};

/**
 * Reads `<folder>/<EventType>/v1.avsc, v2.avsc, …`.
 * @throws Error when a folder is missing, a version is skipped, or a file is not JSON.
 */
export const readHistory = (folder: string = __dirname): SchemaHistory =>
  Object.fromEntries(
    eventTypes.map((eventType) => [eventType, readVersions(folder, eventType)]),
  ) as unknown as SchemaHistory;

/** The version our writers write. */
export const newest = (history: SchemaHistory, eventType: EventType): SchemaVersion => {
  const version = history[eventType].at(-1);
  if (!version) throw new Error(`${eventType} has no schema.`);
  return version;
};
