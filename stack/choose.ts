import { spawnSync } from 'node:child_process';
import type { StackVariables } from './infrastructure';

export const stackKinds = ['local', 'docker', 'external'] as const;
export type StackKind = (typeof stackKinds)[number];

const engineTimeoutMs = 5000;

/** Whether a Docker engine answers; a client without an engine does not count. */
export const dockerAnswers = (): boolean =>
  spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: engineTimeoutMs }).status === 0;

/**
 * Where the servers come from: what STACK says, else docker when an engine answers, else local.
 * @throws when STACK is none of the three.
 */
export const chooseStack = (wanted: string | undefined, engineAnswers: () => boolean): StackKind => {
  if (wanted === undefined || wanted === '') return engineAnswers() ? 'docker' : 'local';
  const kind = stackKinds.find((name) => name === wanted);
  if (kind === undefined) throw new Error(`STACK=${wanted}: it must be ${stackKinds.join(', ')} or unset.`);
  return kind;
};

const names = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL', 'DATABASE_URL'] as const;

/**
 * The servers that STACK=external names.
 * @throws naming every variable that is missing.
 */
export const externalVariables = (environment: NodeJS.ProcessEnv): StackVariables => {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) throw new Error(`STACK=external needs ${missing.join(', ')}.`);
  const read = (name: (typeof names)[number]): string => environment[name] ?? '';
  return {
    KAFKA_BROKERS: read('KAFKA_BROKERS'),
    SCHEMA_REGISTRY_URL: read('SCHEMA_REGISTRY_URL'),
    REDIS_URL: read('REDIS_URL'),
    DATABASE_URL: read('DATABASE_URL'),
  };
};
