import { join } from 'node:path';
import type { StackKind } from './choose';
import type { Report } from './maven';
import type { StackSettings } from './settings';

/** What every command of the launcher is given. */
export interface StackContext {
  readonly root: string;
  readonly settings: StackSettings;
  readonly environment: NodeJS.ProcessEnv;
  readonly kind: StackKind;
  readonly report: Report;
}

/** The folders of a checkout's stack; all are ignored by git. */
export const foldersOf = (root: string) => {
  const stack = join(root, '.stack');
  return {
    dist: join(root, 'dist'),
    data: join(stack, 'data'),
    logs: join(stack, 'logs'),
    run: join(stack, 'run'),
    cache: join(stack, 'cache'),
    /** The running stack's passwords, for its supervisor. */
    logins: join(stack, 'run', 'logins'),
    /** The running stack's variables, for a shell to source. */
    variables: join(stack, 'run', 'variables.env'),
  };
};

/** A command that failed for a reason its message explains; no stack trace is wanted. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
