import { userInfo } from 'node:os';
import type { Command } from 'commander';

export interface ActorOptions {
  readonly actor?: string;
}

export const withActor = (command: Command): Command =>
  command.option('--actor <name>', 'who orders it; it stands in the log (default: your login name)');

/** A user id without a name, as containers have, is nobody in particular. */
export const actorOf = ({ actor }: ActorOptions): string => {
  if (actor !== undefined) return actor;
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
};
