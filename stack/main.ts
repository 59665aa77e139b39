import { runCli } from './cli';

runCli(process.argv.slice(2), process.env).then(
  () => undefined,
  (error: unknown) => {
    // Failures of the launcher explain themselves; a stack trace would bury the line that says what to do.
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
