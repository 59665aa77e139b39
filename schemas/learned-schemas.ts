import { readerFor, type NewestTypes, type Reader } from './readers';
import type { FoundSchema } from './registry-client';

/** How long an id counts as unknown after the registry said so: a forged id must not cost a request per record. */
const unknownForMs = 30_000;
/** Bound of what is learned and of what is known to be unknown: forged ids must not fill the memory either. */
const entriesMax = 1_000;

export interface LearnedSchemasParts {
  readonly types: NewestTypes;
  /** Schemas learned by earlier processes. */
  readonly texts: ReadonlyMap<number, string>;
  /** Asks the registry; `undefined` means that it knows no such id. Throws InfrastructureError. */
  readonly fetchSchema: (schemaId: number) => Promise<FoundSchema | undefined>;
  readonly onLearned: (schemaId: number, text: string) => void;
  readonly nowMs: () => number;
}

export interface LearnedSchemas {
  get(schemaId: number): Reader | undefined;
  /** The registry said within the last 30 s that it knows no such id. */
  isUnknown(schemaId: number): boolean;
  learn(schemaId: number): Promise<void>;
}

const put = <T>(map: Map<number, T>, key: number, value: T): void => {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > entriesMax && oldest !== undefined) map.delete(oldest);
};

/** Schemas that were not known at start, asked for by id: one request per id at a time. */
export const createLearnedSchemas = (parts: LearnedSchemasParts): LearnedSchemas => {
  const readers = new Map<number, Reader>();
  for (const [schemaId, text] of parts.texts) put(readers, schemaId, readerFor(parts.types, text));
  const unknownUntilMs = new Map<number, number>();
  const asking = new Map<number, Promise<void>>();
  const isUnknown = (schemaId: number): boolean => (unknownUntilMs.get(schemaId) ?? 0) > parts.nowMs();

  const ask = async (schemaId: number): Promise<void> => {
    const found = await parts.fetchSchema(schemaId);
    if (!found) {
      put(unknownUntilMs, schemaId, parts.nowMs() + unknownForMs);
      return;
    }
    const reader: Reader = found.selfContainedAvro
      ? readerFor(parts.types, found.text)
      : { kind: 'foreign', name: 'a schema that is not self-contained Avro' };
    put(readers, schemaId, reader);
    if (reader.kind === 'ours') parts.onLearned(schemaId, found.text);
  };

  return {
    get: (schemaId) => readers.get(schemaId),
    isUnknown,
    learn: (schemaId) => {
      if (readers.has(schemaId) || isUnknown(schemaId)) return Promise.resolve();
      const running = asking.get(schemaId);
      if (running) return running;
      const asked = ask(schemaId).finally(() => asking.delete(schemaId));
      asking.set(schemaId, asked);
      return asked;
    },
  };
};
