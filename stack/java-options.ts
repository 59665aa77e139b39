import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerFiles } from './server-files';
import type { ServerOptions } from './server-options';

/** Servers that run on Java. */
export type ArchivedServer = 'kafka' | 'registry';

/** Where the classes of a server are kept as this Java maps them; see class-archives.ts. */
export const classArchive = (files: ServerFiles, name: ArchivedServer): string =>
  join(files.classes, `${name}.jsa`);

/** Java looks whether the archive is of itself and of these jars, and does without where it is not. */
export const classOptions = (
  files: ServerFiles,
  name: ArchivedServer,
  { recordClassesTo }: ServerOptions,
): readonly string[] => {
  if (recordClassesTo !== undefined) return [`-XX:ArchiveClassesAtExit=${recordClassesTo}`];
  const archive = classArchive(files, name);
  return existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [];
};
