import type { LogAdmin } from '../chassis/kafka/log';
import { pause } from '../chassis/deadline';
import { InfrastructureError } from '../chassis/kafka/log';
import { ensureTopics } from './ensure-topics';
import { readHistory } from './history';
import { ourSchemas } from './known-ids';
import { registerSchemas, type RegisteredSchema } from './register';
import type { RegistryClient } from './registry-client';
import { deployedTopicSettings } from './topic-settings';
import { topics } from './topics';

export interface DeployOptions {
  readonly admin: Pick<LogAdmin, 'createTopics' | 'differences'>;
  readonly registry: Pick<RegistryClient, 'lookup' | 'register' | 'compatibility' | 'setCompatibility'>;
  readonly orderPartitions: number;
  readonly replicationFactor: number;
  /** How long to try again while Kafka or the registry is still starting. */
  readonly waitMs: number;
  readonly say: (line: string) => void;
}

const persistently = async <T>(
  work: () => Promise<T>,
  endsAtMs: number,
  say: (line: string) => void,
): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InfrastructureError) || performance.now() >= endsAtMs) throw error;
      say(`waiting     ${error.message}`);
      await pause(1_000);
    }
  }
};

const lineOf = (result: RegisteredSchema): string => {
  const { subject, version } = result.schema;
  const what = `${subject} v${version.version}`;
  return result.kind === 'refused'
    ? `REFUSED     ${what}: ${result.reason}`
    : `${result.kind.padEnd(12)}${what} (id ${result.id})`;
};

/**
 * The deploy step: creates missing topics and registers missing schema versions. It changes nothing that exists,
 * so that it may run before every release.
 * @returns what needs a person, in plain words; empty when everything is as wanted.
 * @throws InfrastructureError when Kafka or the registry does not answer within `waitMs`.
 */
export const deployContracts = async (options: DeployOptions): Promise<readonly string[]> => {
  const { admin, registry, orderPartitions, replicationFactor, say } = options;
  const endsAtMs = performance.now() + options.waitMs;
  const wanted = deployedTopicSettings(orderPartitions, replicationFactor);
  const ensured = await persistently(() => ensureTopics(admin, wanted, replicationFactor), endsAtMs, say);
  for (const { name, partitions } of wanted) {
    say(
      `${(ensured.created.includes(name) ? 'created' : 'present').padEnd(12)}topic ${name} (${partitions} partitions)`,
    );
  }
  const schemas = ourSchemas(Object.values(topics), readHistory());
  const registered = await persistently(() => registerSchemas(registry, schemas), endsAtMs, say);
  for (const result of registered) say(lineOf(result));
  return [
    ...ensured.differences,
    ...registered.flatMap((result) => (result.kind === 'refused' ? [lineOf(result)] : [])),
  ];
};
