import type { ServerFiles } from './server-files';

/** What every server takes. */
export interface ServerOptions {
  /** 0 is a free port. */
  readonly port: number;
  /** Created when missing; what is in it is used again, so data survives a restart. */
  readonly dataDir: string;
  readonly logFile: string;
  /** Fetched when not given. */
  readonly files?: ServerFiles;
  /** How long to wait for the first answer; default two minutes, as a machine under load takes one. */
  readonly timeoutMs?: number;
  /** For a broker of a test: compiled once and quickly, so it costs half the CPU to start, and carries less in the end. */
  readonly isShortLived?: boolean;
  /**
   * Keeps the server in the session of this process, so that Linux weighs it and the services against one another by
   * their niceness; for `up`, which has a session of its own. By default a server leads its own session: Ctrl-C in the
   * terminal of a test or a bench must not end it before the teardown does.
   */
  readonly sharesSession?: boolean;
  /** Has a Java server write the classes it has loaded to this file when it is stopped; see class-archives.ts. */
  readonly recordClassesTo?: string;
}

export const startTimeoutMs = 120_000;
