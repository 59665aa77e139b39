import { Type, type Schema } from 'avsc';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes, type EventType } from '../events';
import type { SchemaVersion } from '../history';
import { samples } from './samples';

/** An event as one released version wrote it, kept for ever: the bytes must still read as this. */
export interface GoldenRecord {
  /** The members that this version knew, with the `type` literal. */
  readonly event: Readonly<Record<string, unknown>>;
  /** The Avro body in hex, without the frame: schema ids differ between registries. */
  readonly body: string;
}

/** A released version: its schema as it was released, and records written with it. */
export interface GoldenVersion {
  readonly eventType: EventType;
  readonly version: number;
  readonly schema: string;
  readonly records: readonly GoldenRecord[];
}

const fileOf = (folder: string, eventType: EventType, version: number): string =>
  join(folder, eventType, `v${version}.json`);

const readVersions = (folder: string, eventType: EventType): readonly GoldenVersion[] => {
  if (!existsSync(join(folder, eventType))) return [];
  return readdirSync(join(folder, eventType))
    .map((file) => Number(/^v(\d+)\.json$/.exec(file)?.[1]))
    .sort((a, b) => a - b)
    .map((version) => {
      const file = JSON.parse(readFileSync(fileOf(folder, eventType, version), 'utf8')) as Omit<
        GoldenVersion,
        'eventType' | 'version'
      >;
      return { eventType, version, ...file };
    });
};

/** Reads `<folder>/<EventType>/v<N>.json`. Throws when a file is no JSON. */
export const readGolden = (folder: string): readonly GoldenVersion[] =>
  eventTypes.flatMap((eventType) => readVersions(folder, eventType));

/** The golden records of a version about to be released, from the samples of its event. */
export const goldenOf = ({ eventType, version, schema, text }: SchemaVersion): GoldenVersion => {
  const type = Type.forSchema(schema as Schema, { omitRecordMethods: true });
  const records = samples[eventType].map((sample): GoldenRecord => {
    const body = type.toBuffer(sample);
    const written = type.fromBuffer(body) as Readonly<Record<string, unknown>>;
    return { event: { type: eventType, ...written }, body: body.toString('hex') };
  });
  return { eventType, version, schema: text, records };
};

/** Writes the file in the form that prettier leaves alone. */
export const writeGolden = (folder: string, { eventType, version, schema, records }: GoldenVersion): void => {
  mkdirSync(join(folder, eventType), { recursive: true });
  const text = `${JSON.stringify({ schema, records }, undefined, 2)}\n`;
  writeFileSync(fileOf(folder, eventType, version), text, { flag: 'wx' });
};
