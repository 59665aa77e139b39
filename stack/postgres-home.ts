import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';

/** Who the server runs as; empty for "as we are". */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresHome {
  /** Holds bin/, lib/ and share/. */
  readonly programs: string;
  /** Empty or a cluster; belongs to the identity. */
  readonly dataDir: string;
}

const entry = (user: string): Identity | undefined => {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${user}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
};

/**
 * Root becomes `nobody`, because PostgreSQL refuses root and initdb wants a user that has a name.
 * Anybody else stays as they are.
 */
export const serverIdentity = (): Identity => {
  if (process.getuid?.() !== 0) return {};
  const nobody = entry('nobody') ?? entry('postgres');
  if (!nobody) throw new Error('PostgreSQL cannot run as root, and there is no user nobody to run it as.');
  return nobody;
};

/** Whether the identity can enter a folder: asked of the system itself, so that every parent counts. */
const canEnter = (identity: Identity, folder: string): boolean =>
  spawnSync('sh', ['-c', 'cd "$1"', 'sh', folder], { ...identity, cwd: '/' }).status === 0;

/**
 * A folder of root's for files that another user must reach when the checkout is closed to it (in the home folder of root, or
 * a temporary folder of mode 700). Its name follows from the folder it stands for, so a later run finds it again.
 */
const outsideFolder = (stands: string): string => {
  const name = createHash('sha256').update(stands).digest('hex').slice(0, 16);
  return join('/var/tmp', `flash-sale-${name}`);
};

const makeOutside = (stands: string): string => {
  const folder = outsideFolder(stands);
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o711 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== 0)
    throw new Error(`${folder} is not a folder of root's: remove it.`);
  chmodSync(folder, 0o711);
  return folder;
};

const copyPrograms = (programs: string): string => {
  const copy = join(makeOutside(programs), 'programs');
  if (existsSync(copy)) return copy;
  const partial = `${copy}-${process.pid}`;
  const script = 'cp -R "$1" "$2" && chmod -R a+rX "$2"';
  const run = spawnSync('sh', ['-c', script, 'sh', programs, partial], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`PostgreSQL cannot be copied to ${partial}: ${run.stderr}`);
  if (existsSync(copy)) rmSync(partial, { recursive: true });
  else renameSync(partial, copy);
  return copy;
};

const ownFolder = (identity: Identity, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid ?? identity.uid);
};

/** The programs and the data folder that the identity can use: the given ones where it can reach them. */
export const homeFor = (identity: Identity, programs: string, dataDir: string): PostgresHome => {
  ownFolder(identity, dataDir);
  if (identity.uid === undefined) return { programs, dataDir };
  const reachable = canEnter(identity, dataDir);
  const data = reachable ? dataDir : join(makeOutside(dataDir), basename(dataDir));
  if (!reachable) ownFolder(identity, data);
  const usable = canEnter(identity, join(programs, 'bin')) ? programs : copyPrograms(programs);
  return { programs: usable, dataDir: data };
};

/** Removes a data folder and what stands for it elsewhere. */
export const removeHome = (dataDir: string): void => {
  rmSync(dataDir, { recursive: true, force: true });
  if (process.getuid?.() === 0) rmSync(outsideFolder(dataDir), { recursive: true, force: true });
};
