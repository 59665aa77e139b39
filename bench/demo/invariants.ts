import type { DomainEvent, OrderOutcome } from '../../schemas/events';
import type { AcceptedOrder } from './drive';
import type { DemoItem } from './plan';

/** The log of this run, as read back from Kafka in log order, partition by partition. */
export interface LoggedRun {
  readonly requests: readonly Extract<DomainEvent, { type: 'OrderRequested' }>[];
  /** Outcomes that are not void by a later epoch's marker. */
  readonly outcomes: readonly OrderOutcome[];
  readonly deadLetters: number;
}

export interface ShownItem {
  readonly itemId: string;
  readonly stocked: number;
  readonly sold: number;
  readonly pending: number;
}

/** What the payment provider's journal says of one order: charges that were not given back. */
export type NetCharges = ReadonlyMap<string, number>;

export interface Evidence {
  /** Presses that were answered 503: the contract lets them be in the log or not. */
  readonly unsure: ReadonlySet<string>;
  readonly items: readonly DemoItem[];
  readonly orders: readonly AcceptedOrder[];
  readonly shown: readonly ShownItem[];
  readonly log: LoggedRun;
  /** Absent when the provider keeps no journal that we can read. */
  readonly charges?: NetCharges;
}

export interface Verdict {
  readonly name: string;
  readonly violations: readonly string[];
  /** Set when the invariant could not be judged; never counted as a pass. */
  readonly notChecked?: string;
}

const statusOf = (outcome: OrderOutcome): string =>
  outcome.type === 'OrderCompleted' ? 'COMPLETED' : `FAILED_${outcome.reason}`;

const firstOutcomes = (outcomes: readonly OrderOutcome[]): ReadonlyMap<string, OrderOutcome> => {
  const first = new Map<string, OrderOutcome>();
  for (const outcome of outcomes) if (!first.has(outcome.request_id)) first.set(outcome.request_id, outcome);
  return first;
};

const everyAcceptanceIsLogged = ({ orders, log }: Evidence): readonly string[] => {
  const logged = new Map(log.requests.map((request) => [request.request_id, request]));
  return orders.flatMap(({ body }) => {
    const request = logged.get(body.request_id);
    if (!request) return [`${body.request_id} was answered 202 and is not in the log`];
    const same =
      request.user_id === body.user_id && request.item_id === body.item_id && request.amount === body.amount;
    return same ? [] : [`${body.request_id} is in the log with another content`];
  });
};

const nothingElseIsLogged = ({ orders, unsure, log }: Evidence): readonly string[] => {
  const accepted = new Set(orders.map(({ body }) => body.request_id));
  return log.requests
    .filter(({ request_id: id }) => !accepted.has(id) && !unsure.has(id))
    .map((request) => `${request.request_id} is in the log although nobody was told so`);
};

const everyOrderIsTerminalOnce = ({ orders, log }: Evidence): readonly string[] => {
  const first = firstOutcomes(log.outcomes);
  const contradicting = log.outcomes.filter((outcome) => {
    const standing = first.get(outcome.request_id);
    return standing !== undefined && statusOf(standing) !== statusOf(outcome);
  });
  return [
    ...orders
      .filter(({ body }) => !first.has(body.request_id))
      .map(({ body }) => `${body.request_id} has no terminal event in the log`),
    ...contradicting.map((outcome) => `${outcome.request_id} has two terminal events that disagree`),
  ];
};

const theStatusShownIsTheLogs = ({ orders, log }: Evidence): readonly string[] => {
  const first = firstOutcomes(log.outcomes);
  return orders.flatMap(({ body, status }) => {
    const outcome = first.get(body.request_id);
    return outcome === undefined || statusOf(outcome) === status
      ? []
      : [`${body.request_id} was shown as ${status}, the log says ${statusOf(outcome)}`];
  });
};

const soldUnits = (itemId: string, log: LoggedRun): number => {
  let units = 0;
  for (const outcome of firstOutcomes(log.outcomes).values())
    if (outcome.type === 'OrderCompleted' && outcome.item_id === itemId) units += outcome.amount;
  return units;
};

/** Also the other direction: units must not lie idle while buyers who asked for one unit were told "sold out". */
const nothingIsOversoldOrLeaks = ({ items, shown, log }: Evidence): readonly string[] =>
  items.flatMap(({ itemId, stocked }) => {
    const sold = soldUnits(itemId, log);
    const row = shown.find((item) => item.itemId === itemId);
    const shows = row && row.stocked === stocked && row.sold === sold && row.pending === 0;
    return [
      ...(sold > stocked ? [`${itemId}: sold ${sold} of ${stocked}`] : []),
      ...(shows
        ? []
        : [`${itemId}: the view shows ${JSON.stringify(row)}, the log says ${sold} of ${stocked} sold`]),
    ];
  });

const chargedIfAndOnlyIfCompleted = ({ orders, log, charges }: Evidence): readonly string[] => {
  const first = firstOutcomes(log.outcomes);
  return orders.flatMap(({ body }) => {
    const wanted = first.get(body.request_id)?.type === 'OrderCompleted' ? 1 : 0;
    const charged = charges?.get(body.request_id) ?? 0;
    return charged === wanted ? [] : [`${body.request_id}: ${charged} net charges, ${wanted} wanted`];
  });
};

/** The invariants of the design, judged on what the buyers saw, the log, the views and the payment journal. */
export const judge = (evidence: Evidence): readonly Verdict[] => [
  { name: 'every 202 is in the log, as sent', violations: everyAcceptanceIsLogged(evidence) },
  { name: 'nothing else is in the log', violations: nothingElseIsLogged(evidence) },
  { name: 'every order has exactly one outcome', violations: everyOrderIsTerminalOnce(evidence) },
  { name: 'every status shown is the log’s', violations: theStatusShownIsTheLogs(evidence) },
  { name: 'nothing is oversold, no unit leaks', violations: nothingIsOversoldOrLeaks(evidence) },
  {
    name: 'charged once if and only if completed',
    violations: evidence.charges === undefined ? [] : chargedIfAndOnlyIfCompleted(evidence),
    ...(evidence.charges === undefined
      ? { notChecked: 'the payment provider keeps no readable journal' }
      : {}),
  },
  {
    name: 'no order ended in the dead letters',
    violations: evidence.log.deadLetters === 0 ? [] : [`${evidence.log.deadLetters} dead letters`],
  },
];
