import type { Dependency } from '../chassis/health';
import type { LogAdmin } from '../chassis/kafka/log';
import type { Log } from '../chassis/log';
import { checkContracts } from './check-contracts';
import type { EventCodec } from './codec';
import { ContractsError, createEventCodec } from './event-codec';
import { createRegistryClient } from './registry-client';
import type { Topic } from './topics';

export interface ContractSettings {
  readonly SCHEMA_REGISTRY_URL: string;
  readonly ORDER_PARTITIONS: number;
  readonly SCHEMA_CACHE_FILE?: string | undefined;
}

const pingTimeoutMs = 1_000;

/**
 * What a service does about contracts at its start: waits for its topics and schemas, then learns the schemas' ids.
 * @param topics those that it reads or writes: one that its user has no right to see must not keep it from starting.
 * @param waitMs how long the deploy step may still take; default as in `checkContracts`.
 * @throws ContractsError when topics or schemas are not as this version needs them.
 * @throws InfrastructureError when the registry does not answer and the cache file does not know every id.
 */
export const openContracts = async (
  config: ContractSettings,
  admin: LogAdmin,
  options: { readonly topics: readonly Topic[]; readonly log: Log; readonly waitMs?: number },
): Promise<EventCodec> => {
  const { topics, log, waitMs } = options;
  const { SCHEMA_CACHE_FILE: cacheFile, ORDER_PARTITIONS: orderPartitions } = config;
  const contracts = {
    registryUrl: config.SCHEMA_REGISTRY_URL,
    topics,
    ...(cacheFile === undefined ? {} : { cacheFile }),
  };
  const problems = await checkContracts({
    admin,
    ...contracts,
    orderPartitions,
    ...(waitMs === undefined ? {} : { waitMs }),
  });
  if (problems.length > 0) throw new ContractsError(problems);
  return createEventCodec({ ...contracts, log });
};

/** Not required: known ids are in memory, and only an id that nobody knows waits for the registry. */
export const schemaRegistryDependency = (registryUrl: string): Dependency => {
  const client = createRegistryClient(registryUrl, pingTimeoutMs);
  return {
    name: 'schema-registry',
    required: false,
    check: async () => {
      await client.schemaById(1);
    },
  };
};
