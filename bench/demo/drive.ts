import type { Client, HttpAnswer } from './client';
import type { BuyBody, DemoPlan, Press } from './plan';

/** What a buyer saw of one order that was accepted. */
export interface AcceptedOrder {
  readonly body: BuyBody;
  readonly position: string;
  /** From sending the press to the 202, milliseconds. */
  readonly acceptMs: number;
  /** From the 202 to the answer with a terminal status, milliseconds; absent while there is none. */
  readonly terminalMs?: number;
  readonly status: string;
}

export interface Progress {
  pressed: number;
  accepted: number;
  refused: Record<string, number>;
  terminal: number;
  byStatus: Record<string, number>;
}

export interface DriveResult {
  readonly orders: readonly AcceptedOrder[];
  /** Presses answered in a way the plan did not ask for, in plain words. */
  readonly surprises: readonly string[];
  /** Request ids that were answered 503 once or more: such an order may be in the log. */
  readonly unsure: ReadonlySet<string>;
}

export interface DriveOptions {
  readonly commands: Client;
  readonly queries: Client;
  /** Presses under way at once. */
  readonly concurrency: number;
  readonly progress: Progress;
  readonly waitMs: number;
}

export const newProgress = (): Progress => ({
  pressed: 0,
  accepted: 0,
  refused: {},
  terminal: 0,
  byStatus: {},
});

const count = (counts: Record<string, number>, key: string): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

const retriesMax = 20;

const retryPauseMs = 250;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, retryPauseMs));

/** Buys; while the answer is 503 or 429 the same request is tried again, as an honest client does. */
const press = async (
  commands: Client,
  body: unknown,
  onUnavailable = (): void => undefined,
): Promise<HttpAnswer> => {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await commands.post('/commands/buy', body);
    if (answer.status === 503) onUnavailable();
    else if (answer.status !== 429) return answer;
    if (attempt >= retriesMax) return answer;
    await pause();
  }
};

/** Asks with `?wait=` until the order is terminal or the time is over. */
const awaitTerminal = async (queries: Client, requestId: string, waitMs: number): Promise<string> => {
  const endsAtMs = performance.now() + waitMs;
  let status = 'PENDING';
  while (status === 'PENDING' && performance.now() < endsAtMs) {
    const answer = await queries.get(`/orders/${encodeURIComponent(requestId)}?wait=10s`);
    if (answer.status === 503) await pause();
    else status = answer.status === 200 ? String(answer.body['status']) : `HTTP ${answer.status}`;
  }
  return status;
};

const buy = async (
  body: BuyBody,
  options: DriveOptions,
  result: { orders: AcceptedOrder[]; surprises: string[]; unsure: Set<string> },
): Promise<void> => {
  const pressedAtMs = performance.now();
  const answer = await press(options.commands, body, () => result.unsure.add(body.request_id));
  const answeredAtMs = performance.now();
  if (answer.status !== 202) {
    count(options.progress.refused, String(answer.status));
    result.surprises.push(
      `${body.request_id}: a valid press was answered ${answer.status} ${JSON.stringify(answer.body)}`,
    );
    return;
  }
  options.progress.accepted += 1;
  const status = await awaitTerminal(options.queries, body.request_id, options.waitMs);
  options.progress.terminal += 1;
  count(options.progress.byStatus, status);
  result.orders.push({
    body,
    position: String(answer.body['position']),
    acceptMs: answeredAtMs - pressedAtMs,
    ...(status === 'PENDING' ? {} : { terminalMs: performance.now() - answeredAtMs }),
    status,
  });
};

const expectRefusal = async (
  item: Press,
  wanted: number,
  options: DriveOptions,
  surprises: string[],
): Promise<void> => {
  const answer = await press(options.commands, item.body);
  count(options.progress.refused, String(answer.status));
  if (answer.status !== wanted)
    surprises.push(
      `a ${item.kind} press was answered ${answer.status}, not ${wanted}: ${JSON.stringify(item.body)}`,
    );
};

/**
 * Presses everything in the plan with a bound on what is under way, and follows every accepted order to its end.
 * A repeat is pressed after its first one was answered, hence the wait for the first.
 */
export const drive = async (plan: DemoPlan, options: DriveOptions): Promise<DriveResult> => {
  const result = { orders: [] as AcceptedOrder[], surprises: [] as string[], unsure: new Set<string>() };
  const firsts = new Map<string, Promise<void>>();
  const queue = plan.presses.values();
  const one = async (item: Press): Promise<void> => {
    options.progress.pressed += 1;
    switch (item.kind) {
      case 'buy': {
        const done = buy(item.body, options, result);
        firsts.set(item.body.request_id, done);
        return done;
      }
      case 'repeat':
        await firsts.get(item.body.request_id);
        return expectRefusal(item, 409, options, result.surprises);
      case 'faulty':
        return expectRefusal(item, 400, options, result.surprises);
      default:
        return item satisfies never;
    }
  };
  const worker = async (): Promise<void> => {
    for (const item of queue) await one(item);
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return result;
};
