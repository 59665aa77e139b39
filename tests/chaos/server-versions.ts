import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ServerFiles } from '../../stack/server-files';

const firstNumber = (text: string): string => /\d+(\.\d+)+/.exec(text)?.[0] ?? 'unknown';

const asked = (command: string): string =>
  firstNumber(spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 10_000 }).stdout);

/** `Kafka 4.1.0, …`: what the programs and the names of their files say. */
export const serverVersions = ({ kafka, registry, redis, postgres }: ServerFiles): string => {
  const broker = readdirSync(kafka).find((name) => name.startsWith('kafka-clients-')) ?? '';
  return [
    `Kafka ${firstNumber(broker)}`,
    `Apicurio Registry ${firstNumber(basename(registry))}`,
    `Redis ${asked(redis)}`,
    `PostgreSQL ${asked(join(postgres, 'bin', 'postgres'))}`,
  ].join(', ');
};
