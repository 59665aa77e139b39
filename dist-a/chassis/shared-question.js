"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.shareQuestion = void 0;
/**
 * Many callers share one question to a server, but only one that was asked after they came: an answer already under
 * way may be older than what the caller wants to be sure of. At most one question is under way at a time.
 */
const shareQuestion = (ask) => {
    let asking;
    let next;
    const begin = () => {
        const mine = ask().finally(() => {
            if (asking === mine)
                asking = undefined;
        });
        asking = mine;
        return mine;
    };
    const afterwards = async (before) => {
        await before.catch(() => undefined);
        next = undefined;
        return begin();
    };
    return () => {
        if (!asking)
            return begin();
        next ??= afterwards(asking);
        return next;
    };
};
exports.shareQuestion = shareQuestion;
//# sourceMappingURL=shared-question.js.map