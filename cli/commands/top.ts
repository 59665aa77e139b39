import { pause } from '../pause';
import type { AddCommand, Context } from '../context';
import { couldNot, exitCodes, type ExitCode } from '../exit';
import { examples } from '../examples';
import { frameLines } from '../top/frame';
import { listen } from '../top/listen';
import { openScreen } from '../top/screen';
import type { News, Snapshot } from '../top/snapshot';

/** Keys that somebody presses, or none where no terminal is. */
export interface Keyboard {
  /** Calls back for each key until the signal aborts. */
  listen(onKey: (key: string) => void, signal: AbortSignal): void;
}

const retryMs = 1_000;
const rowsDefault = 24;
const once = async (context: Context): Promise<ExitCode> => {
  for await (const news of listen(context.api, context.signal)) {
    if (news.kind === 'unknown') throw couldNot(`The views do not answer since ${news.since}.`);
    const { terminal, json } = context;
    if (json) terminal.json(news.snapshot);
    else terminal.lines(frameLines(news, undefined, { columns: terminal.width, rows: 200 }, terminal.paint));
    return exitCodes.done;
  }
  throw couldNot('The stream ended before it said anything.');
};

const follow = async (context: Context, signal: AbortSignal, show: (news: News) => void): Promise<void> => {
  const seen = { any: false, lostAt: '' };
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      for await (const news of listen(context.api, signal)) {
        seen.any = true;
        seen.lostAt = '';
        show(news);
      }
    } catch (error) {
      if (!isOver() && !seen.any) throw error;
    }
    seen.lostAt ||= new Date().toISOString();
    show({ kind: 'unknown', since: seen.lostAt });
    await pause(retryMs, signal);
  }
};

const live = async (context: Context, keyboard: Keyboard): Promise<ExitCode> => {
  const { terminal } = context;
  const quit = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  keyboard.listen((key) => {
    if (key === 'q' || key === 'Q' || key === '\u0003') quit.abort();
  }, signal);
  const screen = openScreen(terminal.out);
  let last: Snapshot | undefined;
  try {
    await follow(context, signal, (news) => {
      if (news.kind === 'snapshot') last = news.snapshot;
      const size = { columns: terminal.out.columns ?? 80, rows: terminal.out.rows ?? rowsDefault };
      screen.draw(frameLines(news, last, size, terminal.paint));
    });
  } finally {
    screen.close();
  }
  return exitCodes.done;
};

const lines = async (context: Context): Promise<ExitCode> => {
  await follow(context, context.signal, (news) =>
    context.terminal.out.write(`${JSON.stringify(news.kind === 'snapshot' ? news.snapshot : news)}\n`),
  );
  return exitCodes.done;
};

/** `top`: the sale as it runs, in a terminal. */
export const addTop =
  (keyboard: Keyboard): AddCommand =>
  (program, run) => {
    const command = program
      .command('top')
      .description('Watch the sale live: orders a second, lag, stock, failures by reason')
      .option('--once', 'show one picture and end', false);
    examples(
      command,
      [
        ['flash-sale top', 'until q or Ctrl-C'],
        ['flash-sale top --once', 'one picture, for a script or a ticket'],
        ['flash-sale top --json', 'one JSON line a second'],
      ],
      ['Needs a terminal, or --once, or --json.'],
    );
    command.action(async ({ once: isOnce }: { readonly once: boolean }) =>
      run(command, (context) => {
        if (isOnce) return once(context);
        if (context.json) return lines(context);
        if (context.terminal.out.isTTY === true) return live(context, keyboard);
        throw couldNot('This is no terminal: use --once or --json.');
      }),
    );
  };
