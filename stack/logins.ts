import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Environment } from '../chassis/config';
import { brokerUser, isRedisUser, type Passwords } from './access';
import { freePort, loopback } from './ports';

/** As whom our processes come to Kafka and Redis, when these tell them apart. */
export interface Logins {
  /** Kafka's port for those who log in. */
  readonly kafkaPort: number;
  /** By user: the services, and the broker itself. */
  readonly passwords: Passwords;
}

const users = [brokerUser, 'saga', 'projector', 'query-api', 'command-api'];

/** New passwords for each start: nobody has to remember them. @param strangers users without any right. */
export const newLogins = async (strangers: readonly string[] = []): Promise<Logins> => ({
  kafkaPort: await freePort(),
  passwords: Object.fromEntries(
    [...users, ...strangers].map((user) => [user, randomBytes(24).toString('hex')]),
  ),
});

/** An address of Redis as `user`. */
export const redisUrlAs = ({ passwords }: Logins, user: string, redisUrl: string): string => {
  const url = new URL(redisUrl);
  url.username = user;
  url.password = passwords[user] ?? '';
  return url.href;
};

/** What a process needs to come as `user`; nothing for one who has no login. */
export const loginVariables = (logins: Logins, user: string, redisUrl: string): Environment => {
  const password = logins.passwords[user];
  if (password === undefined) return {};
  return {
    KAFKA_BROKERS: `${loopback}:${logins.kafkaPort}`,
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: user,
    KAFKA_SASL_PASSWORD: password,
    ...(isRedisUser(user) && { REDIS_URL: redisUrlAs(logins, user, redisUrl) }),
  };
};

/** Leaves them to the supervisor, for the eyes of this user of the machine only. */
export const writeLogins = (file: string, logins: Logins): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(logins), { mode: 0o600 });
};

/** `undefined` when the stack was started without. */
export const readLogins = (file: string): Logins | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Logins;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};
