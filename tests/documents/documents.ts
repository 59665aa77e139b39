import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';

const howTos = readdirSync(join(projectRoot(), 'docs/how-to')).filter((file) => file.endsWith('.md'));

/** What a stranger types commands from. docs/cli.md is generated and has a test of its own. */
export const documents: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/OPERATIONS.md',
  'docs/TESTING.md',
  'docs/tracing.md',
  'docs/scaling.md',
  'docs/saga.md',
  'docs/chaos.md',
  'docs/benchmark-command-api.md',
  'docs/benchmark-command-api-history.md',
  'docs/benchmark-views.md',
  'docs/SECURITY.md',
  'k8s/README.md',
  ...howTos.map((file) => `docs/how-to/${file}`),
];
