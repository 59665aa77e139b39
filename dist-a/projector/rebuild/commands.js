"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ViewRebuild = void 0;
const deadline_1 = require("../../chassis/deadline");
const postgres_trouble_1 = require("../../chassis/postgres-trouble");
const ensure_views_1 = require("../../migrations/ensure-views");
const cursors_1 = require("../cursors");
const exchange_1 = require("./exchange");
const rebuild_state_1 = require("./rebuild-state");
const rebuild_store_1 = require("./rebuild-store");
const rebuilder_1 = require("./rebuilder");
const targets_1 = require("./targets");
const verify_1 = require("./verify");
/** An exchange that cannot be made at once is tried again: readers and the projector go on in between. */
const exchangeAttempts = 50;
const exchangePauseMs = 100;
/** How long writers of the live view may stand still; the projector's own lock_timeout is 2 s. */
const standstillMs = 1_000;
const refused = (why) => ({ kind: 'refused', why });
const done = (summary) => ({ kind: 'done', summary });
/** The commands of a rebuild. Each holds the view's lock while it works, and refuses at once when it cannot have it. */
class ViewRebuild {
    #options;
    constructor(options) {
        this.#options = options;
    }
    start() {
        return this.#alone('start', false, async (client, kind) => {
            const ranges = await (0, targets_1.readRanges)(this.#options.admin, this.#options.projection.topics);
            const gone = (0, targets_1.truncated)(ranges);
            if (gone.length > 0) {
                return refused(`LOG_TRUNCATED: events are gone from the log, ${gone.join(', ')}. Nothing was changed.`);
            }
            const rebuilder = this.#rebuilder('views_next');
            if (kind === 'begin') {
                await rebuilder.begin(client);
                const { shape, clock, stalledAfterMs } = this.#options;
                await (0, rebuild_store_1.beginRebuild)(client, {
                    view: this.#view,
                    version: shape.version,
                    started_at: clock(),
                    stalled_after_ms: stalledAfterMs,
                });
            }
            else {
                await (0, rebuild_store_1.noteState)(client, this.#view, 'BUILDING');
            }
            await rebuilder.build();
            this.#options.say('building indexes');
            await rebuilder.finish(client);
            await rebuilder.build();
            await (0, rebuild_store_1.noteState)(client, this.#view, 'BUILT');
            return done(`built: view ${this.#view} stands beside the live one`);
        });
    }
    verify() {
        return this.#alone('verify', false, async (client) => {
            const live = await (0, targets_1.readLive)(this.#options.pool, this.#options.projection);
            if (live === undefined) {
                return done('there is no live view to compare with: the built one can be switched to as it is');
            }
            const report = await this.#compare(client);
            const isEqual = report.every(({ equal }) => equal);
            await (0, rebuild_store_1.noteState)(client, this.#view, isEqual ? 'VERIFIED' : 'BUILT', { report });
            const rows = report.reduce((sum, { built_rows: count }) => sum + count, 0);
            return isEqual
                ? done(`verified: ${rows} rows in ${report.length} tables are equal at equal offsets`)
                : { kind: 'different', report };
        });
    }
    switch(acceptsDifferences) {
        return this.#alone('switch', acceptsDifferences, async (client) => {
            await this.#exchange(client, 'views_next', 'views_previous');
            await (0, rebuild_store_1.noteState)(client, this.#view, 'SWITCHED');
            return done(`switched: readers see the rebuilt view ${this.#view}; the former one is kept for a rollback`);
        });
    }
    rollback() {
        return this.#alone('rollback', false, async (client) => {
            const version = await (0, rebuild_store_1.versionIn)(client, this.#view, 'views_previous');
            if (version !== this.#options.shape.version) {
                return refused(`the former view has version ${version ?? 'none'}, this release writes ${this.#options.shape.version}: roll back with the release that wrote it`);
            }
            await this.#exchange(client, 'views_previous', 'views_next');
            await (0, rebuild_store_1.noteState)(client, this.#view, 'ROLLED_BACK');
            return done(`rolled back: readers see the former view ${this.#view}`);
        });
    }
    drop() {
        return this.#alone('drop', false, async (client) => {
            await client.query('begin');
            await (0, ensure_views_1.dropView)(client, this.#options.shape, 'views_next');
            await (0, ensure_views_1.dropView)(client, this.#options.shape, 'views_previous');
            await (0, rebuild_store_1.forgetRebuild)(client, this.#view);
            await client.query('commit');
            return done('dropped: only the live view is left');
        });
    }
    get #view() {
        return this.#options.shape.view;
    }
    #rebuilder(schema) {
        return new rebuilder_1.Rebuilder(this.#options, schema);
    }
    async #alone(command, acceptsDifferences, work) {
        const ran = await (0, rebuild_store_1.asOnlyRebuilder)(this.#options.pool, this.#view, async (client) => {
            const rebuild = await (0, rebuild_store_1.findRebuild)(client, this.#view);
            const version = await (0, rebuild_store_1.versionIn)(client, this.#view, 'views_next');
            const ruling = (0, rebuild_state_1.rule)(command, {
                state: rebuild?.state,
                isShapeOfToday: version === this.#options.shape.version,
                acceptsDifferences,
                hasLive: (await (0, targets_1.readLive)(this.#options.pool, this.#options.projection)) !== undefined,
            });
            return ruling.kind === 'refused' ? refused(ruling.why) : work(client, ruling.kind);
        });
        return ran.kind === 'busy'
            ? refused(`another rebuild of view ${this.#view} is at work: see status`)
            : ran.value;
    }
    /**
     * A session that sees the live view as of now, then the built one brought to exactly that place: the live one may
     * go on meanwhile. The built one is behind or level, because a rebuild never overtakes.
     */
    async #compare(built) {
        const rebuilder = this.#rebuilder('views_next');
        await rebuilder.build();
        const live = await this.#options.pool.connect();
        try {
            await live.query('begin isolation level repeatable read read only');
            // The built view is brought level while this session waits, which may take longer than a session may stand idle.
            await live.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
            const cursors = await (0, cursors_1.readCursors)(live, this.#options.projection, 'views');
            await rebuilder.catchUpTo(cursors);
            return await (0, verify_1.compareViews)({ live, built }, this.#view);
        }
        finally {
            live.release(true);
        }
    }
    async #exchange(client, from, retire) {
        const rebuilder = this.#rebuilder(from);
        await client.query('begin');
        await (0, ensure_views_1.dropView)(client, this.#options.shape, retire);
        await client.query('commit');
        for (let attempt = 1;; attempt += 1) {
            await rebuilder.build();
            try {
                if (await this.#exchangeOnce(client, rebuilder, { from, retire }))
                    return;
            }
            catch (error) {
                await client.query('rollback');
                if (!(0, postgres_trouble_1.isPostgresTrouble)(error) || attempt === exchangeAttempts)
                    throw error;
            }
            if (attempt === exchangeAttempts)
                throw new Error('the live view moves faster than a rebuild can follow');
            await (0, deadline_1.pause)(exchangePauseMs, this.#options.signal);
        }
    }
    /** Returns false when the built view could not be brought level in the time that writers may stand still. */
    async #exchangeOnce(client, rebuilder, places) {
        const { shape, pool, projection } = this.#options;
        const hasLive = (await (0, targets_1.readLive)(pool, projection)) !== undefined;
        const endsAtMs = performance.now() + standstillMs;
        await client.query('begin');
        if (hasLive) {
            await (0, exchange_1.stopWriters)(client, shape);
            const cursors = await (0, cursors_1.readCursors)(client, projection, 'views');
            await rebuilder.catchUpTo(cursors);
            if (performance.now() > endsAtMs || !(await this.#isLevel(places.from, cursors))) {
                await client.query('rollback');
                return false;
            }
        }
        await (0, exchange_1.exchange)(client, shape, { ...places, hasLive });
        await client.query('commit');
        return true;
    }
    async #isLevel(schema, live) {
        const { pool, projection } = this.#options;
        const built = await (0, cursors_1.readCursors)(pool, projection, schema);
        const keys = new Set([...built.keys(), ...live.keys()]);
        return [...keys].every((key) => (built.get(key)?.next ?? 0) === (live.get(key)?.next ?? 0));
    }
}
exports.ViewRebuild = ViewRebuild;
//# sourceMappingURL=commands.js.map