"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.orderColumns = void 0;
/**
 * The columns of `orders` in the order of the table, and where each value comes from. Values are taken from the events
 * by column: a row object between the two would be built for every order and thrown away.
 */
exports.orderColumns = {
    requested_at: { type: 'bigint', of: ({ request }) => request?.happened_at ?? null },
    request_offset: { type: 'bigint', of: ({ request }) => request?.offset ?? null },
    request_appended_at: { type: 'bigint', of: ({ request }) => request?.appended_at ?? null },
    decided_at: { type: 'bigint', of: ({ outcome }) => outcome?.happened_at ?? null },
    outcome_offset: { type: 'bigint', of: ({ outcome }) => outcome?.offset ?? null },
    outcome_appended_at: { type: 'bigint', of: ({ outcome }) => outcome?.appended_at ?? null },
    epoch: { type: 'bigint', of: ({ outcome }) => outcome?.epoch ?? null },
    request_partition: { type: 'integer', of: ({ request }) => request?.partition ?? null },
    outcome_partition: { type: 'integer', of: ({ outcome }) => outcome?.partition ?? null },
    // Until the request is known, the outcome says what was asked.
    amount: { type: 'integer', of: ({ request, outcome }) => (request ?? outcome)?.amount ?? null },
    request_id: { type: 'text', of: ({ request_id }) => request_id },
    status: { type: 'text', of: ({ outcome }) => outcome?.status ?? 'PENDING' },
    user_id: { type: 'text', of: ({ request, outcome }) => (request ?? outcome)?.user_id ?? null },
    item_id: { type: 'text', of: ({ request, outcome }) => (request ?? outcome)?.item_id ?? null },
    correlation_id: {
        type: 'text',
        of: ({ request_id, request, outcome }) => (request ?? outcome)?.correlation_id ?? request_id,
    },
    request_event_id: { type: 'text', of: ({ request }) => request?.event_id ?? null },
    request_causation_id: { type: 'text', of: ({ request }) => request?.causation_id ?? null },
    sales_channel: { type: 'text', of: ({ request }) => request?.sales_channel ?? null },
    outcome_event_id: { type: 'text', of: ({ outcome }) => outcome?.event_id ?? null },
    outcome_causation_id: { type: 'text', of: ({ outcome }) => outcome?.causation_id ?? null },
    payment_id: { type: 'text', of: ({ outcome }) => outcome?.payment_id ?? null },
    detail: { type: 'text', of: ({ outcome }) => outcome?.detail ?? null },
};
//# sourceMappingURL=order-columns.js.map