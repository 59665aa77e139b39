import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './cli';
import { projectRoot } from './project-root';

// What the shell has set comes first, as with docker compose.
const file = join(projectRoot(), '.env');
if (existsSync(file)) process.loadEnvFile(file);

runCli(process.argv.slice(2), process.env).then(
  () => undefined,
  (error: unknown) => {
    // Failures of the launcher explain themselves; a stack trace would bury the line that says what to do.
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
