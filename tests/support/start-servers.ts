import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chooseStack, dockerAnswers, externalVariables } from '../../stack/choose';
import { startInfrastructure, type StackVariables } from '../../stack/infrastructure';
import { removePostgresData } from '../../stack/postgres';
import { startContainers } from './containers';
import { deployTestContracts } from './contracts';
import { removeAbandonedFolders, temporaryFolder } from './temporary-folder';

/** What the teardown finds: jest loads the two files apart, in one process. */
export interface ServersOfRun {
  stopServers?: () => Promise<void>;
}

interface Servers {
  readonly variables: StackVariables;
  readonly stop: () => Promise<void>;
  /** Those of somebody else have their own deploy step. */
  readonly isOurs: boolean;
}

const startLocal = async (): Promise<Servers> => {
  removeAbandonedFolders();
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const remove = (): void => {
    removePostgresData(join(dataDir, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { variables, stop } = await startInfrastructure({
      ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
      dataDir,
      logDir: join(folder, 'logs'),
      isShortLived: true,
      report: (line) => process.stderr.write(`${line}\n`),
    });
    return { variables, stop: () => stop().finally(remove), isOurs: true };
  } catch (error) {
    remove();
    throw error;
  }
};

const startChosen = async (): Promise<Servers> => {
  const kind = chooseStack(process.env['STACK'], dockerAnswers);
  switch (kind) {
    case 'local':
      return startLocal();
    case 'docker':
      return { ...(await startContainers()), isOurs: true };
    case 'external':
      return { variables: externalVariables(process.env), stop: async () => undefined, isOurs: false };
  }
};

/** Here and not in the tests that need it: whichever file ran first would otherwise find no topics. */
const deployTo = async ({ variables, stop }: Servers): Promise<void> => {
  try {
    await deployTestContracts(variables);
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Jest's global setup: one set of servers for the whole run, named to the tests by the usual variables. */
export default async function startServers(): Promise<void> {
  const servers = await startChosen();
  if (servers.isOurs) await deployTo(servers);
  Object.assign(process.env, servers.variables);
  (globalThis as ServersOfRun).stopServers = servers.stop;
}
