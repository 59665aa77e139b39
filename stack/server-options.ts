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
}

export const startTimeoutMs = 120_000;
