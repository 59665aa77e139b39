import { InfrastructureError } from '../chassis/kafka/log';
import { silentLog, type Log } from '../chassis/log';
import { assembleCodec, type KnownId } from './assemble-codec';
import type { EventCodec } from './codec';
import { readHistory, type SchemaHistory } from './history';
import { emptyIdCache, readIdCache, writeIdCache, type IdCache } from './id-cache';
import { cacheKeyOf, findOurIds, ourSchemas, problemOf, type FoundId } from './known-ids';
import { createRegistryClient } from './registry-client';
import { topics as allTopics, type Topic } from './topics';

/** What keeps a service from starting, each with what to do about it. */
export class ContractsError extends Error {
  override readonly name = 'ContractsError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The published contracts are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

export interface EventCodecOptions {
  readonly registryUrl: string;
  /** Topics this process reads or writes; default all. */
  readonly topics?: readonly Topic[];
  /** Where ids are kept; without it a service cannot start while the registry is down. */
  readonly cacheFile?: string;
  /** Deadline of each request to the registry. Default 2,000. */
  readonly fetchTimeoutMs?: number;
  readonly history?: SchemaHistory;
  readonly log?: Log;
  /** A monotonic clock. */
  readonly nowMs?: () => number;
}

/** Schemas of newer writers kept on disk; more than that is not a rolling upgrade. */
const keptMax = 200;

const knownIds = (found: readonly FoundId[]): readonly KnownId[] =>
  found.flatMap((it) => (it.kind === 'known' ? [{ schema: it.schema, id: it.id }] : []));

/** @throws ContractsError when the registry says no, InfrastructureError when it says nothing. */
const refuseProblems = (found: readonly FoundId[]): void => {
  const problems = found.flatMap((it) => problemOf(it) ?? []);
  if (problems.length === 0) return;
  const unreachable = found.find((it) => it.kind === 'unreachable');
  const onlyUnreachable = found.every((it) => it.kind === 'unreachable' || it.kind === 'known');
  if (unreachable && onlyUnreachable) {
    throw new InfrastructureError(problems.join('\n'), { cause: unreachable.error });
  }
  throw new ContractsError(problems);
};

const keeper = (
  { cacheFile, registryUrl, log = silentLog }: EventCodecOptions,
  start: IdCache,
): { save: (found: readonly FoundId[]) => void; keep: (schemaId: number, text: string) => void } => {
  let cache = start;
  const write = (): void => {
    if (cacheFile === undefined) return;
    try {
      writeIdCache(cacheFile, registryUrl, cache);
    } catch (error) {
      log.warn('The schema ids cannot be kept on disk: a start without the registry would fail', {
        event: 'schema_cache_failed',
        error,
      });
    }
  };
  return {
    save: (found) => {
      const ours = new Map(knownIds(found).map(({ schema, id }) => [cacheKeyOf(schema), id]));
      cache = { ...cache, ours: new Map([...cache.ours, ...ours]) };
      write();
    },
    keep: (schemaId, text) => {
      if (cache.learned.size >= keptMax) return;
      cache = { ...cache, learned: new Map([...cache.learned, [schemaId, text]]) };
      write();
    },
  };
};

/**
 * The codec on a real registry. Learns at start, with one lookup for each version of each event on the given topics,
 * under which ids our schemas are registered; later it asks only for ids it meets in the log and does not know.
 * It never registers anything.
 * @throws ContractsError when a schema is not registered (the deploy step has not run) or ids have changed.
 * @throws InfrastructureError when the registry does not answer and the cache file does not know every id.
 */
export const createEventCodec = async (options: EventCodecOptions): Promise<EventCodec> => {
  const { registryUrl, topics = Object.values(allTopics), cacheFile, log = silentLog } = options;
  const history = options.history ?? readHistory();
  const client = createRegistryClient(registryUrl, options.fetchTimeoutMs ?? 2_000);
  const cache = cacheFile === undefined ? emptyIdCache : readIdCache(cacheFile, registryUrl);
  const found = await findOurIds(client, ourSchemas(topics, history), cache.ours);
  refuseProblems(found);
  const fromDisk = found.filter((it) => it.kind === 'known' && it.from === 'disk').length;
  if (fromDisk > 0) {
    log.warn('The Schema Registry does not answer; schema ids come from disk', {
      event: 'schema_ids_from_disk',
      ids: fromDisk,
    });
  }
  const { save, keep } = keeper(options, cache);
  if (fromDisk < found.length) save(found);
  return assembleCodec({
    topics,
    history,
    known: knownIds(found),
    texts: cache.learned,
    fetchSchema: (schemaId) => client.schemaById(schemaId),
    onLearned: keep,
    nowMs: options.nowMs ?? (() => performance.now()),
  });
};

/** For unit tests and tools without a registry: ids count from 1, and every other id is unknown. */
export const createStaticCodec = (
  topics: readonly Topic[] = Object.values(allTopics),
  history: SchemaHistory = readHistory(),
): EventCodec => {
  const schemas = ourSchemas(topics, history);
  const texts = [...new Set(schemas.map((schema) => schema.version.text))];
  return assembleCodec({
    topics,
    history,
    known: schemas.map((schema) => ({ schema, id: texts.indexOf(schema.version.text) + 1 })),
    texts: new Map(),
    fetchSchema: () => Promise.resolve(undefined),
    onLearned: () => undefined,
    nowMs: () => performance.now(),
  });
};
