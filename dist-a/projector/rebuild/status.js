"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.describeStatus = exports.readStatus = void 0;
const stalled_1 = require("../../migrations/rebuilds/stalled");
const rebuild_store_1 = require("./rebuild-store");
const instant = (ms) => new Date(ms).toISOString();
const nothingBuilt = {
    state: 'NONE',
    events_done: 0,
    events_total: 0,
    events_per_second: 0,
    started_at: null,
    progressed_at: null,
    detail: null,
    report: null,
};
const etaSeconds = ({ state, events_done, events_total, events_per_second }) => state === 'BUILDING' && events_per_second > 0
    ? Math.ceil(Math.max(0, events_total - events_done) / events_per_second)
    : null;
const instantOrNull = (ms) => (ms === null ? null : instant(ms));
/** What is known of a view's rebuild, from any process. */
const readStatus = async (pool, shape, nowMs) => {
    const rebuild = await (0, rebuild_store_1.findRebuild)(pool, shape.view);
    const known = rebuild ?? nothingBuilt;
    const state = rebuild ? (0, stalled_1.shownState)(rebuild, nowMs) : known.state;
    return {
        view: shape.view,
        live_version: (await (0, rebuild_store_1.versionIn)(pool, shape.view, 'views')) ?? null,
        state,
        is_at_work: await (0, rebuild_store_1.isBeingRebuilt)(pool, shape.view),
        is_stalled: state === 'STALLED',
        events_done: known.events_done,
        events_total: known.events_total,
        events_per_second: known.events_per_second,
        eta_seconds: rebuild ? etaSeconds(rebuild) : null,
        started_at: instantOrNull(known.started_at),
        last_progress_at: instantOrNull(known.progressed_at),
        detail: known.detail,
        report: known.report,
    };
};
exports.readStatus = readStatus;
/** For a person. */
const describeStatus = (status) => {
    const share = status.events_total === 0 ? 1 : status.events_done / status.events_total;
    const lines = [
        `view           ${status.view} (live version ${status.live_version ?? 'none'})`,
        `rebuild        ${status.state}${status.is_at_work ? ', at work' : ''}`,
    ];
    if (status.started_at === null)
        return lines;
    lines.push(`events         ${status.events_done} of ${status.events_total} (${Math.floor(share * 100)} %)`, `rate           ${Math.round(status.events_per_second)} events/s`, `eta            ${status.eta_seconds === null ? '-' : `${status.eta_seconds} s`}`, `started        ${status.started_at}`, `last progress  ${status.last_progress_at ?? '-'}`);
    if (status.detail !== null)
        lines.push(`trouble        ${status.detail}`);
    for (const { dataset, equal, live_rows: live, built_rows: built } of status.report ?? []) {
        lines.push(`compared       ${dataset}: ${live} live, ${built} built, ${equal ? 'equal' : 'DIFFERENT'}`);
    }
    return lines;
};
exports.describeStatus = describeStatus;
//# sourceMappingURL=status.js.map