import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readSettings } from '../../chassis/config';
import { InfrastructureError } from '../../chassis/kafka/log';
import { registrySettings, type RegistrySettings } from '../../chassis/settings';
import { readHistory } from '../history';
import { createRegistryClient } from '../registry-client';
import { topics } from '../topics';
import { catalogue } from './catalogue';
import { goldenOf, readGolden, writeGolden } from './golden';
import { formatFinding, judgeHistory, type Judgement } from './judge';
import { judgeLive } from './live';

const usage = `node dist/schemas/gate/main.js [--live | --release]
  (nothing)   checks each version of each event against all earlier ones, without a registry
  --live      also compares with the registry at SCHEMA_REGISTRY_URL
  --release   checks, then writes golden records for new versions and the catalogue docs/events.md
Run it in the project's folder. Exit codes: 0 all is well, 1 findings, 64 usage, 69 no registry, 78 environment.`;

const schemasFolder = 'schemas';
const goldenFolder = join(schemasFolder, 'golden');
const cataloguePage = join('docs', 'events.md');
const registryTimeoutMs = 10_000;

const say = (line: string): void => console.log(line);

const judge = (): Judgement => judgeHistory(readHistory(schemasFolder), readGolden(goldenFolder));

const report = ({ findings, unreleased }: Judgement): void => {
  for (const finding of findings) say(`FAILED  ${formatFinding(finding)}`);
  for (const { eventType, version } of unreleased) {
    say(`new     ${eventType} v${version} is not released yet: node dist/schemas/gate/main.js --release`);
  }
  const versions = Object.values(readHistory(schemasFolder)).flat().length;
  if (findings.length === 0)
    say(`ok      ${versions} versions, each compatible with all earlier ones, both ways`);
};

const compareLive = async (): Promise<number> => {
  const settings = readSettings<RegistrySettings>(registrySettings, process.env);
  const client = createRegistryClient(settings.SCHEMA_REGISTRY_URL, registryTimeoutMs);
  const { problems, pending } = await judgeLive(client, readHistory(schemasFolder), Object.values(topics));
  for (const line of problems) say(`FAILED  ${line}`);
  for (const line of pending) say(`new     ${line}`);
  if (problems.length === 0) say('ok      the registry holds nothing that this history does not');
  return problems.length === 0 ? 0 : 1;
};

const release = ({ unreleased }: Judgement): void => {
  for (const version of unreleased) {
    writeGolden(goldenFolder, goldenOf(version));
    say(`wrote   ${join(goldenFolder, version.eventType, `v${version.version}.json`)}`);
  }
  writeFileSync(cataloguePage, catalogue(readHistory(schemasFolder), readGolden(goldenFolder)));
  say(`wrote   ${cataloguePage}`);
};

const run = async (options: readonly string[]): Promise<number> => {
  const unknown = options.filter((option) => option !== '--live' && option !== '--release');
  if (unknown.length > 0) {
    console.error(usage);
    return options.includes('--help') ? 0 : 64;
  }
  const judgement = judge();
  report(judgement);
  if (judgement.findings.length > 0) return 1;
  if (options.includes('--release')) release(judgement);
  return options.includes('--live') ? compareLive() : 0;
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof ConfigError) return 78;
  return error instanceof InfrastructureError ? 69 : 1;
};

run(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = exitCodeOf(error);
  });
