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
  /** Has a Java server write the classes it has loaded to this file when it is stopped; see class-archives.ts. */
  readonly recordClassesTo?: string;
}

export const startTimeoutMs = 120_000;
