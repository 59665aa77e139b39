"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.carryOut = void 0;
const replay_1 = require("../commands/replay");
const exit_1 = require("../exit");
const pause_1 = require("../pause");
const reason = 'reconcile found a difference';
const openWithinMs = 120_000;
const lookEveryMs = 500;
/** A rebuild is over when a saga has a generation open that is not older than the one that was asked for. */
const untilOpen = async ({ api, signal }, epoch) => {
    const endsAtMs = performance.now() + openWithinMs;
    while (performance.now() < endsAtMs && !signal.aborted) {
        const { gate, epoch: open } = (await api.call('saga', '/health')).body;
        if (gate === 'open' && typeof open === 'number' && open >= epoch)
            return;
        await (0, pause_1.pause)(lookEveryMs, signal);
    }
    throw (0, exit_1.couldNot)(`The stock is not open at epoch ${epoch} after ${openWithinMs / 1000} s; look at the saga.`);
};
const rebuildStock = async (context, actor) => {
    const answer = await context.api.command('saga', '/commands/rebuild-stock', { reason, actor });
    await untilOpen(context, answer.epoch);
};
/** The former view is known to be wrong, so differences to it are no reason not to switch, and it is not kept. */
const rebuildView = async (context, view) => {
    for (const args of [
        ['start', view],
        ['switch', view, '--accept-diff'],
        ['drop', view],
    ]) {
        const code = await (0, replay_1.rebuild)(context, args, true);
        if (code === exit_1.exitCodes.no)
            throw (0, exit_1.saysNo)(`replay ${args.join(' ')} was refused.`);
        if (code !== exit_1.exitCodes.done)
            throw (0, exit_1.couldNot)(`replay ${args.join(' ')} did not come to its end.`);
    }
};
/** Carries out one step. Each may be repeated: asked again it finds its work done or does it again to the same end. */
const carryOut = async (context, step, actor) => {
    switch (step.kind) {
        case 'rebuild-stock':
            return rebuildStock(context, actor);
        case 'rebuild-view':
            return rebuildView(context, step.view);
        case 'cancel-charge':
            await context.api.command('saga', '/commands/cancel-charge', {
                payment_key: step.paymentKey,
                reason,
                actor,
            });
    }
};
exports.carryOut = carryOut;
//# sourceMappingURL=repair.js.map