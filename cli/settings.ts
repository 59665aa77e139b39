import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { couldNot } from './exit';

/** Where the parts of a running system are, and who asks. */
export interface Addresses {
  readonly commandApi: string;
  readonly queryApi: string;
  readonly saga: string;
  readonly projector: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  readonly addresses: Addresses;
  /** Absent: operators' commands cannot be given. */
  readonly adminToken: string | undefined;
  /** What the programs that this one starts (the judge of reconcile, replay) read. */
  readonly environment: Environment;
  /** The folder that holds dist/ and reconcile/. */
  readonly root: string;
}

/** Given on the command line; they come before the environment. */
export interface AddressOptions {
  readonly commandApi?: string;
  readonly queryApi?: string;
  readonly saga?: string;
  readonly projector?: string;
  readonly tokenFile?: string;
}

/** The folder with package.json, from the sources as well as from dist/. */
export const findRoot = (from: string): string => {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) return from;
    folder = dirname(folder);
  }
  return folder;
};

/** `NAME='value'` lines, as `make up` writes them. */
export const parseVariables = (text: string): Environment =>
  Object.fromEntries(
    [...text.matchAll(/^([A-Z_]+)='(.*)'$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(`'\\''`, `'`),
    ]),
  );

const variablesOf = (root: string): Environment => {
  const file = join(root, '.stack', 'run', 'variables.env');
  return existsSync(file) ? parseVariables(readFileSync(file, 'utf8')) : {};
};

const tokenIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw couldNot(`The admin token cannot be read from ${file}.`);
  }
};

/**
 * Options come first, then the environment, then what `make up` of this checkout wrote, then the usual ports. The token
 * is never an option: arguments are seen by every user of the machine.
 * @throws CommandEnd when the token's file cannot be read.
 */
export const readSettings = (given: AddressOptions, environment: Environment, root: string): Settings => {
  const isNamed = ['COMMAND_API_URL', 'QUERY_API_URL', 'SAGA_URL', 'PROJECTOR_URL'].some(
    (name) => environment[name] !== undefined,
  );
  const all: Environment = isNamed ? environment : { ...variablesOf(root), ...environment };
  const tokenFile = given.tokenFile ?? all['ADMIN_TOKEN_FILE'];
  const address = (option: string | undefined, name: string, port: number): string =>
    (option ?? all[name] ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
  const addresses = {
    commandApi: address(given.commandApi, 'COMMAND_API_URL', 8080),
    queryApi: address(given.queryApi, 'QUERY_API_URL', 8090),
    saga: address(given.saga, 'SAGA_URL', 9101),
    projector: address(given.projector, 'PROJECTOR_URL', 9102),
  };
  const adminToken = tokenFile === undefined ? all['ADMIN_TOKEN'] : tokenIn(tokenFile);
  return { addresses, adminToken, environment: all, root };
};
