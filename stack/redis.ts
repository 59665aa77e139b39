import { mkdirSync } from 'node:fs';
import { exchange } from './exchange';
import { claimPort, loopback } from './ports';
import { fetchServers } from './server-files';
import { startTimeoutMs, type ServerOptions } from './server-options';
import { startServer, type RunningServer } from './server-process';

export interface RedisOptions extends ServerOptions {
  /** More of the command line, such as `['--maxmemory', '10mb']`; the last one of a name wins. */
  readonly extraArgs?: readonly string[];
}

const probeTimeoutMs = 1000;

const answersPing = async (port: number): Promise<void> => {
  const answer = await exchange(port, Buffer.from('PING\r\n'), probeTimeoutMs);
  if (!answer.toString().startsWith('+PONG')) throw new Error(`redis says ${answer.toString().trim()}`);
};

/**
 * Redis as production runs it: every write in the append-only file, at most one second behind (`everysec`), and
 * never evicting, because a key that vanishes is a decision that is forgotten. No snapshots: the file is the data. It
 * is written anew from 512 MB on: at 10,000 orders/s the default of 64 MB is full every 6 s, and each time a second
 * process compresses all that Redis holds, which was a fifth of Redis's CPU time.
 */
export const startRedis = async (options: RedisOptions): Promise<RunningServer> => {
  const files = options.files ?? (await fetchServers());
  const port = await claimPort(options.port, 'REDIS_PORT');
  mkdirSync(options.dataDir, { recursive: true });
  const settings = [
    ['--port', String(port)],
    ['--bind', loopback],
    ['--dir', options.dataDir],
    ['--appendonly', 'yes'],
    ['--appendfsync', 'everysec'],
    ['--auto-aof-rewrite-min-size', '512mb'],
    ['--save', ''],
    ['--maxmemory-policy', 'noeviction'],
    ['--daemonize', 'no'],
  ].flat();
  return startServer(
    {
      name: 'redis',
      command: files.redis,
      args: [...settings, ...(options.extraArgs ?? [])],
      cwd: options.dataDir,
      logFile: options.logFile,
      stopSignal: 'SIGTERM',
      sharesSession: options.sharesSession ?? false,
    },
    {
      url: `redis://${loopback}:${port}`,
      port,
      timeoutMs: options.timeoutMs ?? startTimeoutMs,
      probe: () => answersPing(port),
    },
  );
};
