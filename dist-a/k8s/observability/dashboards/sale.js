"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.sale = void 0;
const queries_1 = require("./queries");
exports.sale = {
    uid: 'flash-sale-sale',
    title: 'Flash sale / Sale',
    about: 'What buyers get and what is left to sell. Oversold is always in view, and always 0.',
    rows: [
        {
            title: 'Now',
            panels: [
                {
                    kind: 'number',
                    title: 'Oversold units',
                    about: 'Sold beyond what was stocked. Anything but 0 is a bug: see the runbook Oversold.',
                    unit: 'none',
                    redFrom: 1,
                    queries: [{ expr: 'max(query_api_oversold_units)', legend: 'oversold' }],
                },
                {
                    kind: 'number',
                    title: 'Overdue orders',
                    about: 'Answered 202 over a minute ago and without an outcome.',
                    unit: 'none',
                    redFrom: 1,
                    queries: [{ expr: 'max(query_api_overdue_orders)', legend: 'overdue' }],
                },
                {
                    kind: 'number',
                    title: 'Accepted a second',
                    about: 'Orders answered 202.',
                    unit: 'ops',
                    queries: [{ expr: (0, queries_1.rate)('command_api_orders_accepted_total'), legend: 'accepted' }],
                },
                {
                    kind: 'number',
                    title: 'Refused with 503',
                    about: 'Share of the requests to buy that got no order because of us.',
                    unit: 'percentunit',
                    redFrom: 0.001,
                    queries: [
                        {
                            expr: `${(0, queries_1.rate)('command_api_orders_failed_total')} / ${(0, queries_1.rate)('command_api_orders_received_total')}`,
                            legend: 'refused',
                        },
                    ],
                },
            ],
        },
        {
            title: 'Orders',
            panels: [
                {
                    kind: 'stacked',
                    title: 'Answers to buyers',
                    about: 'Every request to buy, by its answer.',
                    unit: 'ops',
                    queries: [
                        { expr: (0, queries_1.rate)('command_api_orders_accepted_total'), legend: 'accepted 202' },
                        { expr: (0, queries_1.rate)('command_api_orders_replayed_total'), legend: 'repeated 202' },
                        { expr: (0, queries_1.rate)('command_api_orders_duplicate_total'), legend: 'duplicate 409' },
                        { expr: (0, queries_1.rate)('command_api_orders_in_flight_total'), legend: 'in flight 409' },
                        { expr: (0, queries_1.rate)('command_api_orders_payload_mismatch_total'), legend: 'another body 422' },
                        { expr: (0, queries_1.rate)('command_api_orders_not_on_sale_total'), legend: 'not on sale 425, 410' },
                        { expr: (0, queries_1.rate)('command_api_orders_rate_limited_total'), legend: 'rate limited 429' },
                        { expr: (0, queries_1.rate)('command_api_orders_unauthorized_total'), legend: 'not allowed 401, 403' },
                        { expr: (0, queries_1.rate)('command_api_orders_validation_failed_total'), legend: 'not valid 400, 413, 415' },
                        { expr: (0, queries_1.rate)('command_api_orders_failed_total', ['reason']), legend: '503 {{reason}}' },
                    ],
                },
                {
                    kind: 'stacked',
                    title: 'Outcomes',
                    about: 'Decided orders, by status. FAILED_SOLD_OUT is what a good sale ends with.',
                    unit: 'ops',
                    queries: [{ expr: (0, queries_1.rate)('saga_outcomes_total', ['status']), legend: '{{status}}' }],
                },
            ],
        },
        {
            title: 'Time and stock',
            panels: [
                {
                    kind: 'graph',
                    title: 'Time to 202',
                    about: 'From the last byte of a request to its answer, acknowledged by Kafka.',
                    unit: 's',
                    queries: (0, queries_1.percentiles)('command_api_request_duration_seconds'),
                },
                {
                    kind: 'bars',
                    title: 'Units left',
                    about: 'Stocked, less what is sold, of the items with the least left.',
                    unit: 'short',
                    queries: [{ expr: 'min by (item) (query_api_item_left_units)', legend: '{{item}}' }],
                },
            ],
        },
    ],
};
//# sourceMappingURL=sale.js.map