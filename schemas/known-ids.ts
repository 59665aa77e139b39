import { createHash } from 'node:crypto';
import { InfrastructureError } from '../chassis/kafka/log';
import type { EventType } from './events';
import { fullName, type SchemaHistory, type SchemaVersion } from './history';
import type { RegistryClient } from './registry-client';
import type { Topic } from './topics';

/** TopicRecordNameStrategy: several event types share a topic, and each has a history of its own. */
export const subjectOf = (topic: string, eventType: EventType): string => `${topic}-${fullName(eventType)}`;

/** One version of one event on one topic: what is registered at deploy time and looked up at start. */
export interface OurSchema {
  readonly topic: string;
  readonly subject: string;
  readonly version: SchemaVersion;
  readonly isNewest: boolean;
}

export const ourSchemas = (topics: readonly Topic[], history: SchemaHistory): readonly OurSchema[] =>
  topics.flatMap((topic) =>
    topic.eventTypes.flatMap((eventType) =>
      history[eventType].map((version) => ({
        topic: topic.name,
        subject: subjectOf(topic.name, eventType),
        version,
        isNewest: version === history[eventType].at(-1),
      })),
    ),
  );

/** What the disk cache knows a schema by: the cache must not outlive an edit of the file. */
export const cacheKeyOf = (schema: OurSchema): string =>
  `${schema.subject} ${createHash('sha256').update(schema.version.text).digest('hex')}`;

export type FoundId =
  | {
      readonly kind: 'known';
      readonly schema: OurSchema;
      readonly id: number;
      readonly from: 'registry' | 'disk';
    }
  | { readonly kind: 'unregistered'; readonly schema: OurSchema }
  | {
      readonly kind: 'renumbered';
      readonly schema: OurSchema;
      readonly idBefore: number;
      readonly id: number | undefined;
    }
  | { readonly kind: 'unreachable'; readonly schema: OurSchema; readonly error: InfrastructureError };

const judge = (schema: OurSchema, id: number | undefined, idBefore: number | undefined): FoundId => {
  if (idBefore !== undefined && idBefore !== id) return { kind: 'renumbered', schema, idBefore, id };
  return id === undefined
    ? { kind: 'unregistered', schema }
    : { kind: 'known', schema, id, from: 'registry' };
};

const withoutRegistry = (
  schema: OurSchema,
  idBefore: number | undefined,
  error: InfrastructureError,
): FoundId =>
  idBefore === undefined
    ? { kind: 'unreachable', schema, error }
    : { kind: 'known', schema, id: idBefore, from: 'disk' };

/**
 * Asks the registry for the id of every schema, one request each, and falls back on the ids kept on disk. After the
 * first request without an answer no further one is sent: with a hung registry a start waits for one deadline, not
 * for thirty.
 */
export const findOurIds = async (
  client: Pick<RegistryClient, 'lookup'>,
  schemas: readonly OurSchema[],
  idsOnDisk: ReadonlyMap<string, number>,
): Promise<readonly FoundId[]> => {
  const found: FoundId[] = [];
  let down: InfrastructureError | undefined;
  for (const schema of schemas) {
    const idBefore = idsOnDisk.get(cacheKeyOf(schema));
    try {
      if (down) found.push(withoutRegistry(schema, idBefore, down));
      else found.push(judge(schema, await client.lookup(schema.subject, schema.version.text), idBefore));
    } catch (error) {
      if (!(error instanceof InfrastructureError)) throw error;
      down = error;
      found.push(withoutRegistry(schema, idBefore, error));
    }
  }
  return found;
};

/** What is wrong, in plain words with what to do; `undefined` when the id is known. */
export const problemOf = (found: FoundId): string | undefined => {
  const { eventType, version } = found.schema.version;
  const what = `${eventType} v${version} on ${found.schema.topic}`;
  switch (found.kind) {
    case 'known':
      return undefined;
    case 'unregistered':
      return `${what} is not registered (subject ${found.schema.subject}). Run the deploy step: node dist/schemas/main.js`;
    case 'renumbered':
      return (
        `${what} was schema id ${found.idBefore} and is now ${found.id ?? 'unregistered'}: the registry was lost or replaced, ` +
        'and the ids in the log no longer mean what they meant. Restore the registry, or delete the id cache if the log was deleted too.'
      );
    case 'unreachable':
      return `${what} has no known id: ${found.error.message}`;
  }
};
