"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.projector = void 0;
const queries_1 = require("./queries");
exports.projector = {
    uid: 'flash-sale-projector',
    title: 'Flash sale / Projector',
    about: 'How the log becomes views: speed, batches, what was set aside, how far behind.',
    rows: [
        {
            title: 'Folding',
            panels: [
                {
                    kind: 'graph',
                    title: 'Events folded',
                    about: 'By view.',
                    unit: 'ops',
                    queries: [{ expr: (0, queries_1.rate)('projector_events_total', ['view']), legend: '{{view}}' }],
                },
                {
                    kind: 'graph',
                    title: 'Set aside',
                    about: 'Copies of earlier events, and outcomes that the fence made void. Rises for a moment after a fault.',
                    unit: 'ops',
                    queries: [{ expr: (0, queries_1.rate)('projector_events_set_aside_total', ['view']), legend: '{{view}}' }],
                },
                {
                    kind: 'graph',
                    title: 'Undecodable',
                    about: 'Records that no schema reads; each is a dead letter. The dashboard Pipeline shows the reasons.',
                    unit: 'ops',
                    queries: [
                        {
                            expr: (0, queries_1.rate)('projector_undecodable_total', ['topic']),
                            legend: '{{topic}}',
                        },
                    ],
                },
            ],
        },
        {
            title: 'Transactions',
            panels: [
                {
                    kind: 'graph',
                    title: 'Time of a transaction, p99',
                    about: 'Fold and commit. Compare with PostgreSQL’s own figures when it grows.',
                    unit: 's',
                    queries: [(0, queries_1.percentileBy)(0.99, 'projector_batch_seconds', 'view')],
                },
                {
                    kind: 'graph',
                    title: 'Events of a transaction, median',
                    about: 'Grows under load: that is how the projector keeps up.',
                    unit: 'short',
                    queries: [(0, queries_1.percentileBy)(0.5, 'projector_batch_events', 'view')],
                },
            ],
        },
        {
            title: 'Behind the log',
            panels: [
                {
                    kind: 'graph',
                    title: 'Seconds, by topic',
                    about: 'Age of the oldest event not yet in the views.',
                    unit: 's',
                    redFrom: 30,
                    queries: [{ expr: 'max by (topic) (projector_lag_seconds)', legend: '{{topic}}' }],
                },
                {
                    kind: 'graph',
                    title: 'Events, by partition of order-outcomes',
                    about: 'One partition that stands while the others move is a stuck transaction or a gap.',
                    unit: 'short',
                    queries: [
                        {
                            expr: 'max by (partition) (projector_lag_events{topic="order-outcomes"})',
                            legend: '{{partition}}',
                        },
                    ],
                },
            ],
        },
    ],
};
//# sourceMappingURL=projector.js.map