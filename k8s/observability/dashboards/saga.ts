import type { Dashboard } from './dashboard';
import { percentileBy, percentiles, rate } from './queries';

export const saga: Dashboard = {
  uid: 'flash-sale-saga',
  title: 'Flash sale / Saga',
  about: 'How orders are decided, what each step costs, and which generation of Redis is in use.',
  rows: [
    {
      title: 'Decisions',
      panels: [
        {
          kind: 'graph',
          title: 'Records',
          about:
            'Handed over, and handed over again because they were not done. The second line stays near 0.',
          unit: 'ops',
          queries: [
            { expr: rate('saga_records_total'), legend: 'records' },
            { expr: rate('saga_records_redone_total'), legend: 'again' },
          ],
        },
        {
          kind: 'graph',
          title: 'Time of a chunk',
          about: 'From a chunk of requests to their outcomes in the log.',
          unit: 's',
          redFrom: 5,
          queries: percentiles('saga_chunk_seconds'),
        },
        {
          kind: 'graph',
          title: 'Time of each step, p99',
          about:
            'Whole chunks; charge and cancel are of one payment, repeats included. The highest line is what to look at: Redis, payment or Kafka.',
          unit: 's',
          queries: [percentileBy(0.99, 'saga_step_seconds', 'step')],
        },
      ],
    },
    {
      title: 'Payment',
      panels: [
        {
          kind: 'graph',
          title: 'Calls under way',
          about: 'Calls to the provider that wait for an answer.',
          unit: 'short',
          queries: [{ expr: 'sum by (instance) (saga_payments_in_flight)', legend: '{{instance}}' }],
        },
        {
          kind: 'graph',
          title: 'Moved to payment-retries',
          about: 'Payments without an answer within their budget; the order stays reserved.',
          unit: 'ops',
          queries: [{ expr: rate('saga_payments_postponed_total'), legend: 'postponed' }],
        },
      ],
    },
    {
      title: 'Generations of the stock store',
      panels: [
        {
          kind: 'graph',
          title: 'Epoch',
          about: 'Steps up when Redis was restarted, emptied or replaced; -1 while a replica has it closed.',
          unit: 'none',
          queries: [{ expr: 'max(saga_epoch)', legend: 'epoch' }],
        },
        {
          kind: 'graph',
          title: 'Gate',
          about: 'How many replicas are in each state. All of them open is what it should be.',
          unit: 'none',
          queries: [{ expr: 'sum by (state) (saga_gate_state)', legend: '{{state}}' }],
        },
        {
          kind: 'graph',
          title: 'Rebuild',
          about: 'Outcomes folded and to fold, and the void ones met: each of them is decided again.',
          unit: 'short',
          queries: [
            { expr: 'max(saga_reconcile_read_records)', legend: 'read' },
            { expr: 'max(saga_reconcile_total_records)', legend: 'to read' },
            { expr: 'max(saga_reconcile_void_events)', legend: 'void' },
            { expr: 'max(saga_reconcile_unresolved_voids)', legend: 'void without a valid one' },
          ],
        },
        {
          kind: 'graph',
          title: 'Void outcomes',
          about: 'Written by a replica whose epoch was over. No reader counts them.',
          unit: 'ops',
          queries: [
            { expr: rate('saga_void_events_total'), legend: 'void' },
            { expr: rate('saga_reconciles_total'), legend: 'rebuilds' },
          ],
        },
      ],
    },
  ],
};
