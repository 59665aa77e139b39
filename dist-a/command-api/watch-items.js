"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.openItems = void 0;
const prom_client_1 = require("prom-client");
const deadline_1 = require("../chassis/deadline");
const log_1 = require("../chassis/kafka/log");
const reader_1 = require("../chassis/kafka/reader");
const follow_items_1 = require("../schemas/follow-items");
/** A pause must be known here within 1 s; a look costs the brokers two small questions. */
const lookEveryMs = 200;
/** As long as a start waits for topics and schemas. */
const firstLookMs = 30_000;
const retryMs = 500;
/** The first look: nobody is let in before every sale that was closed is known to be. */
const learnItems = async (items, log) => {
    const endsAtMs = performance.now() + firstLookMs;
    for (;;) {
        try {
            await items.catchUp();
            return;
        }
        catch (error) {
            if (!(error instanceof log_1.InfrastructureError) || performance.now() >= endsAtMs)
                throw error;
            log.warn('the items are not read yet', { event: 'items_unknown', error });
            await (0, deadline_1.pause)(retryMs);
        }
    }
};
/**
 * Looks at `stock-adjustments` five times a second. While Kafka does not answer, what was last known holds, and windows
 * open and close by the clock all the same; the saga decides by the log in any case.
 */
const watchItems = (items, { log, metrics }) => {
    const stopping = new AbortController();
    let knownAtMs = performance.now();
    new prom_client_1.Gauge({
        name: 'command_api_items_age_seconds',
        help: 'Time since the operators’ commands in the log were last known to be all known here',
        registers: [metrics],
        collect() {
            this.set((performance.now() - knownAtMs) / 1000);
        },
    });
    const watch = async () => {
        let isKnown = true;
        while (!stopping.signal.aborted) {
            await (0, deadline_1.pause)(lookEveryMs, stopping.signal);
            const askedAtMs = performance.now();
            try {
                await items.catchUp();
                knownAtMs = askedAtMs;
                isKnown = true;
            }
            catch (error) {
                if (isKnown)
                    log.warn('the sales are as last known', { event: 'items_stale', error });
                isKnown = false;
            }
        }
    };
    const running = watch();
    return {
        stop: async () => {
            stopping.abort();
            await running;
        },
    };
};
/** The items as the log has them, kept up to date until release. Every sale that was closed is known when it resolves. */
const openItems = async (parts, connection, from) => {
    const items = (0, follow_items_1.followItems)({ reader: (0, reader_1.createLogReader)(connection), ...from });
    await learnItems(items, parts.log);
    const watch = watchItems(items, { log: parts.log, metrics: parts.registry });
    parts.releasers.add('items', () => watch.stop());
    return items;
};
exports.openItems = openItems;
//# sourceMappingURL=watch-items.js.map