/** What a script may rely on; `docs/cli.md` says what each means for each command. */
export const exitCodes = {
  /** Done, or the answer is yes. */
  done: 0,
  /** The answer is no: not found, refused, differences, not well. Nothing was left half done. */
  no: 1,
  /** It could not be done or told: a server does not answer, a setting or a tool is missing. */
  couldNot: 2,
  usage: 64,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command that ends for a reason its message explains; no stack trace is wanted. */
export class CommandEnd extends Error {
  override readonly name = 'CommandEnd';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const saysNo = (message: string): CommandEnd => new CommandEnd(exitCodes.no, message);
export const couldNot = (message: string): CommandEnd => new CommandEnd(exitCodes.couldNot, message);
export const wrongUsage = (message: string): CommandEnd => new CommandEnd(exitCodes.usage, message);
