"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addTop = void 0;
const pause_1 = require("../pause");
const exit_1 = require("../exit");
const examples_1 = require("../examples");
const frame_1 = require("../top/frame");
const listen_1 = require("../top/listen");
const screen_1 = require("../top/screen");
const retryMs = 1_000;
const rowsDefault = 24;
const once = async (context) => {
    for await (const news of (0, listen_1.listen)(context.api, context.signal)) {
        if (news.kind === 'unknown')
            throw (0, exit_1.couldNot)(`The views do not answer since ${news.since}.`);
        const { terminal, json } = context;
        if (json)
            terminal.json(news.snapshot);
        else
            terminal.lines((0, frame_1.frameLines)(news, undefined, { columns: terminal.width, rows: 200 }, terminal.paint));
        return exit_1.exitCodes.done;
    }
    throw (0, exit_1.couldNot)('The stream ended before it said anything.');
};
const follow = async (context, signal, show) => {
    const seen = { any: false, lostAt: '' };
    const isOver = () => signal.aborted;
    while (!isOver()) {
        try {
            for await (const news of (0, listen_1.listen)(context.api, signal)) {
                seen.any = true;
                seen.lostAt = '';
                show(news);
            }
        }
        catch (error) {
            if (!isOver() && !seen.any)
                throw error;
        }
        seen.lostAt ||= new Date().toISOString();
        show({ kind: 'unknown', since: seen.lostAt });
        await (0, pause_1.pause)(retryMs, signal);
    }
};
const live = async (context, keyboard) => {
    const { terminal } = context;
    const quit = new AbortController();
    const signal = AbortSignal.any([context.signal, quit.signal]);
    keyboard.listen((key) => {
        if (key === 'q' || key === 'Q' || key === '\u0003')
            quit.abort();
    }, signal);
    const screen = (0, screen_1.openScreen)(terminal.out);
    let last;
    try {
        await follow(context, signal, (news) => {
            if (news.kind === 'snapshot')
                last = news.snapshot;
            const size = { columns: terminal.out.columns ?? 80, rows: terminal.out.rows ?? rowsDefault };
            screen.draw((0, frame_1.frameLines)(news, last, size, terminal.paint));
        });
    }
    finally {
        screen.close();
    }
    return exit_1.exitCodes.done;
};
const lines = async (context) => {
    await follow(context, context.signal, (news) => context.terminal.out.write(`${JSON.stringify(news.kind === 'snapshot' ? news.snapshot : news)}\n`));
    return exit_1.exitCodes.done;
};
/** `top`: the sale as it runs, in a terminal. */
const addTop = (keyboard) => (program, run) => {
    const command = program
        .command('top')
        .description('Watch the sale live: orders a second, lag, stock, failures by reason')
        .option('--once', 'show one picture and end', false);
    (0, examples_1.examples)(command, [
        ['flash-sale top', 'until q or Ctrl-C'],
        ['flash-sale top --once', 'one picture, for a script or a ticket'],
        ['flash-sale top --json', 'one JSON line a second'],
    ], ['Needs a terminal, or --once, or --json.']);
    command.action(async ({ once: isOnce }) => run(command, (context) => {
        if (isOnce)
            return once(context);
        if (context.json)
            return lines(context);
        if (context.terminal.out.isTTY === true)
            return live(context, keyboard);
        throw (0, exit_1.couldNot)('This is no terminal: use --once or --json.');
    }));
};
exports.addTop = addTop;
//# sourceMappingURL=top.js.map