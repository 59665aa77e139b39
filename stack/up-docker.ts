import { mkdirSync, writeFileSync } from 'node:fs';
import { composeUp, composeVariables } from './compose';
import { foldersOf, type StackContext } from './stack-context';
import { shellVariables, summary } from './summary';

/** The containers of docker-compose.yml, built and healthy; they restart by themselves. */
export const upInDocker = (context: StackContext, infrastructureOnly: boolean): void => {
  composeUp(context, infrastructureOnly);
  const { run, variables } = foldersOf(context.root);
  mkdirSync(run, { recursive: true });
  writeFileSync(variables, shellVariables(context.settings, composeVariables(context)), { mode: 0o600 });
  context.report(`Up.\n${summary(context.settings, infrastructureOnly)}`);
};
