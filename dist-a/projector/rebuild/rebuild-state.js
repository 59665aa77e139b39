"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.rule = void 0;
const refused = (why) => ({ kind: 'refused', why });
const ruleStart = ({ state, isShapeOfToday }) => {
    switch (state) {
        case 'BUILDING':
        case 'BUILT':
        case 'VERIFIED':
            // Another release may have begun it; its tables are of no use to us.
            return isShapeOfToday ? { kind: 'go-on' } : { kind: 'begin' };
        case undefined:
        case 'SWITCHED':
        case 'ROLLED_BACK':
            return { kind: 'begin' };
    }
};
const ruleVerify = ({ state }) => {
    switch (state) {
        case 'BUILT':
        case 'VERIFIED':
            return { kind: 'go-on' };
        case 'BUILDING':
            return refused('the rebuild has not caught up with the live view yet');
        case undefined:
        case 'SWITCHED':
        case 'ROLLED_BACK':
            return refused('there is no rebuild to verify: start one');
    }
};
const ruleSwitch = ({ state, acceptsDifferences, hasLive }) => {
    switch (state) {
        case 'VERIFIED':
            return { kind: 'go-on' };
        case 'BUILT':
            return acceptsDifferences || !hasLive
                ? { kind: 'go-on' }
                : refused('the rebuild is not verified: verify it, or accept differences with --accept-diff');
        case 'BUILDING':
            return refused('the rebuild has not caught up with the live view yet');
        case undefined:
        case 'SWITCHED':
        case 'ROLLED_BACK':
            return refused('there is no rebuild to switch to: start one');
    }
};
/** What a command may do, as things stand. */
const rule = (command, facts) => {
    switch (command) {
        case 'start':
            return ruleStart(facts);
        case 'verify':
            return ruleVerify(facts);
        case 'switch':
            return ruleSwitch(facts);
        case 'rollback':
            return facts.state === 'SWITCHED'
                ? { kind: 'go-on' }
                : refused('nothing was switched that could be rolled back');
        case 'drop':
            return facts.state === undefined ? refused('there is no rebuild') : { kind: 'go-on' };
    }
};
exports.rule = rule;
//# sourceMappingURL=rebuild-state.js.map