"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.watchRebuilds = exports.watchViewFigures = void 0;
const prom_client_1 = require("prom-client");
const deadline_1 = require("../chassis/deadline");
/** An alert may be this late, and PostgreSQL is asked this seldom, however often somebody scrapes. */
const everyMs = 15_000;
/** A figure that nobody knows has no value: 0 would say that all is well. */
const createPublish = (registry) => {
    const figure = (name, help) => {
        const gauge = new prom_client_1.Gauge({ name, help, registers: [registry] });
        gauge.remove();
        return gauge;
    };
    const numbers = [
        [
            figure('query_api_dead_letters', 'Dead letters that are open: parked, or failed again'),
            (it) => it.deadLetters,
        ],
        [
            figure('query_api_oldest_dead_letter_seconds', 'Age of the oldest open dead letter; 0 without one'),
            (it) => it.oldestDeadLetterMs / 1000,
        ],
        [
            figure('query_api_overdue_orders', 'Orders without an outcome a minute after they were accepted'),
            (it) => it.overdueOrders,
        ],
        [
            figure('query_api_oversold_units', 'Units sold beyond what was stocked'),
            (it) => it.oversoldUnits,
        ],
        [figure('query_api_items_low', 'Items with 1 to 9 units left'), (it) => it.itemsLow],
    ];
    const left = new prom_client_1.Gauge({
        name: 'query_api_item_left_units',
        help: 'Units left of the items with the least left',
        labelNames: ['item'],
        registers: [registry],
    });
    const letters = new prom_client_1.Gauge({
        name: 'query_api_letters',
        help: 'Dead letters by what became of them, and by the reason of their first failure',
        labelNames: ['state', 'reason'],
        registers: [registry],
    });
    return (figures) => {
        left.reset();
        letters.reset();
        for (const [gauge, valueOf] of numbers) {
            if (figures === undefined)
                gauge.remove();
            else
                gauge.set(valueOf(figures));
        }
        for (const { item, units } of figures?.unitsLeft ?? [])
            left.set({ item }, units);
        for (const { state, reason, letters: count } of figures?.lettersByState ?? []) {
            letters.set({ state, reason }, count);
        }
    };
};
/** Reads again and again in the background; publishes `undefined` when it cannot be read. */
const readForEver = (read, publish, log) => {
    const stopping = new AbortController();
    const watch = async () => {
        while (!stopping.signal.aborted) {
            try {
                publish(await read());
            }
            catch (error) {
                publish(undefined);
                log.warn('the views’ figures cannot be read', { event: 'figures_unknown', error });
            }
            await (0, deadline_1.pause)(everyMs, stopping.signal);
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
/** Shows the views' figures as metrics. */
const watchViewFigures = (read, { metrics, log }) => readForEver(read, createPublish(metrics), log);
exports.watchViewFigures = watchViewFigures;
/**
 * Shows how far rebuilds are as metrics; a view that was never rebuilt has none. Read by itself: the other figures
 * cannot be had while a view that was dropped is built anew.
 */
const watchRebuilds = (read, { metrics, log }) => {
    const gauge = (name, help) => new prom_client_1.Gauge({ name: `query_api_rebuild_${name}`, help, labelNames: ['view'], registers: [metrics] });
    const gauges = [
        [gauge('done_events', 'Events that the rebuilt view holds'), (it) => it.events_done],
        [gauge('all_events', 'Events that it must hold'), (it) => it.events_total],
        [
            gauge('events_per_second', 'How fast it is filled; 0 when nothing is being built'),
            (it) => (it.state === 'BUILDING' ? it.events_per_second : 0),
        ],
        [
            gauge('stalled', '1 while it is being built and comes no further'),
            (it) => Number(it.state === 'STALLED'),
        ],
    ];
    const publish = (rebuilds) => {
        for (const [one, valueOf] of gauges) {
            one.reset();
            for (const rebuild of rebuilds ?? []) {
                if (rebuild.state !== 'NONE')
                    one.set({ view: rebuild.view }, valueOf(rebuild));
            }
        }
    };
    return readForEver(read, publish, log);
};
exports.watchRebuilds = watchRebuilds;
//# sourceMappingURL=figures-metrics.js.map