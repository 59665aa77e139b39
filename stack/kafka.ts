import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { exchange } from './exchange';
import { classOptions } from './java-options';
import { kafkaProperties, type ExtraListener } from './kafka-properties';
import { claimPort, freePort, loopback } from './ports';
import { projectRoot } from './project-root';
import { fetchServers } from './server-files';
import { startTimeoutMs, type ServerOptions } from './server-options';
import { ServerStartError, startServer, type RunningServer } from './server-process';

export interface KafkaOptions extends ServerOptions {
  /** More listeners, each with the port its clients are told: a test puts a proxy there. */
  readonly extraListeners?: readonly ExtraListener[];
  /** Broker settings that go over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

const probeTimeoutMs = 2000;
const formatTimeoutMs = 60_000;
/**
 * One thread collects: with two cores shared by ten processes, the default's concurrent threads cost orders. Large buffers are
 * allocated where they stay: copying them made the second collection stop a fresh broker for 47 to 60 ms instead of 31 to 35.
 * Java knows large pages under this name on Linux only, and ends where it does not know an option.
 */
const memory = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:PretenureSizeThreshold=1m',
  ...(process.platform === 'linux' ? ['-XX:+UseTransparentHugePages'] : []),
];
const quickCompiler = '-XX:TieredStopAtLevel=1';

/** In one order: Java maps recorded classes only when the jars are named as they were. */
const classPath = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .toSorted()
    .map((name) => join(folder, name))
    .join(delimiter);

/** Metadata version 1 for no topic: size, API key 3, version, correlation id, no client id, an empty array. */
const metadataRequest = Buffer.from([0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0]);

/** The number of brokers in a Metadata answer: it follows the size and the correlation id. */
const brokerCount = (answer: Buffer): number => answer.readInt32BE(8);

const knowsItself = async (port: number): Promise<void> => {
  const answer = await exchange(port, metadataRequest, probeTimeoutMs);
  if (answer.length < 12 || brokerCount(answer) < 1) throw new Error('the broker knows no broker yet');
};

const loggingFile = (): string => join(projectRoot(), 'stack', 'log4j2.properties');

/** A new folder has to be formatted once; a formatted one is left as it is. */
const format = async (java: string, jars: string, config: string, logFile: string): Promise<void> => {
  const tool = spawn(
    java,
    [
      quickCompiler,
      '-XX:+UseSerialGC',
      '-cp',
      `${jars}/*`,
      'kafka.tools.StorageTool',
      'format',
      '--config',
      config,
      '--cluster-id',
      'Zmxhc2gtc2FsZS1sb2NhbA',
      '--ignore-formatted',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], timeout: formatTimeoutMs },
  );
  const output: Buffer[] = [];
  tool.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  tool.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    tool.once('error', reject);
    tool.once('close', resolve);
  });
  if (code === 0) return;
  writeFileSync(logFile, Buffer.concat(output), { flag: 'a' });
  throw new ServerStartError('kafka', 'could not format its data folder', logFile);
};

/**
 * One Kafka broker that is its own KRaft controller. `url` is `host:port` of its main listener.
 * It keeps what it acknowledged through `kill -9`, as the page cache outlives the process.
 */
export const startKafka = async (options: KafkaOptions): Promise<RunningServer> => {
  const files = options.files ?? (await fetchServers());
  const port = await claimPort(options.port, 'KAFKA_PORT');
  const controllerPort = await freePort();
  const logs = join(options.dataDir, 'log');
  const config = join(options.dataDir, 'server.properties');
  mkdirSync(logs, { recursive: true });
  mkdirSync(join(options.logFile, '..'), { recursive: true });
  const properties = kafkaProperties({
    port,
    controllerPort,
    logs,
    extraListeners: options.extraListeners ?? [],
    settings: options.settings ?? {},
  });
  // It may hold passwords.
  writeFileSync(config, properties, { mode: 0o600 });
  if (!existsSync(join(logs, 'meta.properties'))) {
    await format(files.java, files.kafka, config, options.logFile);
  }
  return startServer(
    {
      name: 'kafka',
      command: files.java,
      args: [
        ...memory,
        ...(options.isShortLived === true ? [quickCompiler] : []),
        ...classOptions(files, 'kafka', options),
        '-XX:+ExitOnOutOfMemoryError',
        `-Dlog4j2.configurationFile=${loggingFile()}`,
        '-cp',
        classPath(files.kafka),
        'kafka.Kafka',
        config,
      ],
      cwd: options.dataDir,
      logFile: options.logFile,
      stopSignal: 'SIGTERM',
      sharesSession: options.sharesSession ?? false,
    },
    {
      url: `${loopback}:${port}`,
      port,
      timeoutMs: options.timeoutMs ?? startTimeoutMs,
      probe: () => knowsItself(port),
    },
  );
};
