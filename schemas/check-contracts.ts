import { pause } from '../chassis/deadline';
import { InfrastructureError, type LogAdmin } from '../chassis/kafka/log';
import { readHistory, type SchemaHistory } from './history';
import { emptyIdCache, readIdCache } from './id-cache';
import { findOurIds, ourSchemas, problemOf } from './known-ids';
import { createRegistryClient } from './registry-client';
import { topicSettings } from './topic-settings';
import { topics as allTopics, type Topic } from './topics';

export interface CheckContractsOptions {
  readonly admin: Pick<LogAdmin, 'differences'>;
  readonly registryUrl: string;
  readonly orderPartitions: number;
  /** Topics this process reads or writes; default all. */
  readonly topics?: readonly Topic[];
  /** The same file as the codec's: ids found there count while the registry is down. */
  readonly cacheFile?: string;
  readonly fetchTimeoutMs?: number;
  readonly history?: SchemaHistory;
  /** How long to wait for the deploy step, which may still be running. Default 30,000. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

const withAdvice = (difference: string): string =>
  difference.endsWith('does not exist')
    ? `${difference}. Run the deploy step: node dist/schemas/main.js`
    : difference;

const topicProblems = async (options: CheckContractsOptions): Promise<readonly string[]> => {
  const wanted = topicSettings(options.orderPartitions, options.topics);
  try {
    return (await options.admin.differences(wanted)).map(withAdvice);
  } catch (error) {
    if (error instanceof InfrastructureError) return [`Kafka does not answer: ${error.message}`];
    throw error;
  }
};

const schemaProblems = async (options: CheckContractsOptions): Promise<readonly string[]> => {
  const { registryUrl, cacheFile, topics = Object.values(allTopics) } = options;
  const client = createRegistryClient(registryUrl, options.fetchTimeoutMs ?? 2_000);
  const cache = cacheFile === undefined ? emptyIdCache : readIdCache(cacheFile, registryUrl);
  const schemas = ourSchemas(topics, options.history ?? readHistory());
  const found = await findOurIds(client, schemas, cache.ours);
  return found.flatMap((it) => problemOf(it) ?? []);
};

/**
 * What a service checks before it does anything: the topics exist with the partitions, retention and timestamps it
 * relies on, and its schemas are registered. Asks again each half second while something is wrong, up to `waitMs`.
 * Returns what is still wrong, in plain words with what to do; empty when all is well.
 */
export const checkContracts = async (options: CheckContractsOptions): Promise<readonly string[]> => {
  const endsAtMs = performance.now() + (options.waitMs ?? 30_000);
  for (;;) {
    const problems = [...(await topicProblems(options)), ...(await schemaProblems(options))];
    const over = performance.now() >= endsAtMs || options.signal?.aborted === true;
    if (problems.length === 0 || over) return problems;
    await pause(500, options.signal);
  }
};
