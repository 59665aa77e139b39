import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a process keeps on disk, so that it starts and reads on while the registry is down. */
export interface IdCache {
  /** By `cacheKeyOf`: the ids of our own schemas. */
  readonly ours: ReadonlyMap<string, number>;
  /** Schemas met in the log and asked for by id: those of newer writers. */
  readonly learned: ReadonlyMap<number, string>;
}

export const emptyIdCache: IdCache = { ours: new Map(), learned: new Map() };

interface IdCacheFile {
  readonly registry_url: string;
  readonly ours: Readonly<Record<string, number>>;
  readonly learned: Readonly<Record<string, string>>;
}

const isMapOf = (value: unknown, type: 'number' | 'string'): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((member) => typeof member === type);

const isIdCacheFile = (value: unknown): value is IdCacheFile => {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Partial<IdCacheFile>;
  return (
    typeof file.registry_url === 'string' && isMapOf(file.ours, 'number') && isMapOf(file.learned, 'string')
  );
};

/** Ids mean something within one registry only, and its address may carry a password that has no place on disk. */
const addressOf = (registryUrl: string): string => {
  const { protocol, host, pathname } = new URL(registryUrl);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
};

/** Empty when there is no such file, it is damaged, or it is of another registry. Never throws. */
export const readIdCache = (path: string, registryUrl: string): IdCache => {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isIdCacheFile(file) || file.registry_url !== addressOf(registryUrl)) return emptyIdCache;
    return {
      ours: new Map(Object.entries(file.ours)),
      learned: new Map(Object.entries(file.learned).map(([id, text]) => [Number(id), text])),
    };
  } catch {
    return emptyIdCache;
  }
};

/**
 * Replaces the file in one step, so that a process killed half way leaves the old one.
 * @throws Error when the folder cannot be written.
 */
export const writeIdCache = (path: string, registryUrl: string, cache: IdCache): void => {
  const file: IdCacheFile = {
    registry_url: addressOf(registryUrl),
    ours: Object.fromEntries(cache.ours),
    learned: Object.fromEntries(cache.learned),
  };
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(file, undefined, 2));
  renameSync(draft, path);
};
