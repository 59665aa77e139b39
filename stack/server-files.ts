import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runMaven, type Report } from './maven';
import { projectRoot } from './project-root';
import { modernRedis, requireJava, requireMaven } from './tools';

/** Where the programs are. */
export interface ServerFiles {
  readonly java: string;
  /** A folder of jars. */
  readonly kafka: string;
  /** The runner's jar; its libraries are beside it. */
  readonly registry: string;
  /** The redis-server to run. */
  readonly redis: string;
  /** A folder with bin/postgres and bin/initdb. */
  readonly postgres: string;
  /** For what class-archives.ts makes: of this Java and this place, as an archive names its jars by their paths. */
  readonly classes: string;
}

const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const processors: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** `linux-amd64` and its like, as the archives are named. */
export const platformName = (platform: string, arch: string): string => {
  const system = systems[platform];
  const processor = processors[arch];
  if (system === undefined || processor === undefined) {
    throw new Error(`No servers for ${platform} on ${arch}: use STACK=docker or STACK=external.`);
  }
  return `${system}-${processor}`;
};

/** The publisher of the PostgreSQL archives writes arm64v8 for every 64-bit ARM. */
const postgresPlatform = (platform: string): string => platform.replace(/arm64$/, 'arm64v8');

const partialPattern = /^partial-(\d+)$/;

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const removeAbandoned = (servers: string): void => {
  for (const name of readdirSync(servers)) {
    const pid = partialPattern.exec(name)?.[1];
    if (pid !== undefined && !alive(Number(pid))) rmSync(join(servers, name), { recursive: true });
  }
};

const unpackPostgres = (folder: string): void => {
  const archive = join(folder, 'postgres.tar');
  const tar = spawnSync('tar', ['-xof', archive, '-C', folder], { encoding: 'utf8' });
  if (tar.status !== 0) {
    throw new Error(`The PostgreSQL archive does not unpack: ${tar.error?.message ?? tar.stderr}`);
  }
  rmSync(archive);
};

const only = (folder: string, ending: string): string => {
  const name = readdirSync(folder).find((file) => file.endsWith(ending));
  if (name === undefined) throw new Error(`No file *${ending} in ${folder}`);
  return join(folder, name);
};

const hashOf = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 12);
};

const fetchInto = async (
  partial: string,
  platform: string,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<void> => {
  mkdirSync(partial, { recursive: true });
  const pom = join(projectRoot(), 'stack', 'pom.xml');
  const properties = { servers: partial, 'postgres.platform': postgresPlatform(platform) };
  await runMaven(pom, properties, report, signal);
  report('Unpacking the servers');
  unpackPostgres(join(partial, 'postgres'));
  chmodSync(only(join(partial, 'redis'), `-${platform}`), 0o755);
  rmSync(join(partial, '.maven'), { recursive: true, force: true });
};

/**
 * The programs of all four servers, fetched on the first call (about 160 MB) into `.stack/servers/<hash of the pom>`.
 * The folder gets its name only when it is complete, so that an interrupted download is never taken for a whole one,
 * and a changed pom.xml is another folder.
 * @throws MissingToolError without Java or, for the first call, Maven.
 */
export const fetchServers = async (
  report: Report = () => undefined,
  signal?: AbortSignal,
): Promise<ServerFiles> => {
  const java = requireJava();
  const platform = platformName(process.platform, process.arch);
  const servers = join(projectRoot(), '.stack', 'servers');
  const pom = readFileSync(join(projectRoot(), 'stack', 'pom.xml'));
  const key = hashOf(pom, platform);
  const folder = join(servers, key);
  if (!existsSync(folder)) {
    requireMaven();
    mkdirSync(servers, { recursive: true });
    removeAbandoned(servers);
    const partial = join(servers, `partial-${process.pid}`);
    try {
      await fetchInto(partial, platform, report, signal);
      // Another run may have been faster; its folder is as good.
      if (!existsSync(folder)) renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return {
    java: java.command,
    kafka: join(folder, 'kafka'),
    registry: only(join(folder, 'registry'), '-runner.jar'),
    redis: modernRedis() ?? only(join(folder, 'redis'), `-${platform}`),
    postgres: join(folder, 'postgres'),
    classes: join(folder, 'classes', `${java.version}-${hashOf(folder)}`),
  };
};
