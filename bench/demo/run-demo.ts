import { kafkaConnection } from '../../chassis/kafka/connection';
import { createLogReader } from '../../chassis/kafka/reader';
import { createEventCodec } from '../../schemas/event-codec';
import { Client } from './client';
import { drive, newProgress, type Progress } from './drive';
import { judge, type Evidence, type LoggedRun, type ShownItem } from './invariants';
import { readNetCharges } from './payment-journal';
import { makePlan, type DemoItem, type DemoPlan } from './plan';
import { readRun } from './read-run';
import { progressLine, summary, verdictLines } from './report';

export interface DemoOptions {
  readonly commandUrl: string;
  readonly queryUrl: string;
  /** The same two as the reader of the summary reaches them: not by a container's name. */
  readonly shownCommandUrl: string;
  readonly shownQueryUrl: string;
  readonly journalUrl: string;
  readonly adminToken: string;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly orders: number;
  readonly buyers: number;
  readonly concurrency: number;
  readonly seed: number;
  readonly print: (text: string) => void;
  readonly isTerminal: boolean;
}

/** Long enough for an order whose payment times out and moves to the retry topic. */
const terminalWaitMs = 60_000;
/** The view follows the log within milliseconds; a machine under load may need seconds. */
const settleWaitMs = 30_000;

const stockItems = async (commands: Client, plan: DemoPlan, options: DemoOptions): Promise<void> => {
  for (const { itemId, stocked } of plan.items) {
    const body = { item_id: itemId, delta: stocked, reason: 'demo', command_id: `stock-${itemId}` };
    const answer = await commands.post('/commands/adjust-stock', body, {
      Authorization: `Bearer ${options.adminToken}`,
    });
    if (answer.status !== 202)
      throw new Error(`stocking ${itemId} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
};

const showItem = async (queries: Client, { itemId }: DemoItem): Promise<ShownItem | undefined> => {
  const { status, body } = await queries.get(`/items/${itemId}`);
  if (status !== 200) return undefined;
  return {
    itemId,
    stocked: Number(body['stocked']),
    sold: Number(body['sold']),
    pending: Number(body['pending']),
  };
};

/** The items as shown, asked again until `settled` says so or the time is over. */
const showItems = async (
  queries: Client,
  items: readonly DemoItem[],
  settled: (shown: readonly ShownItem[]) => boolean,
): Promise<readonly ShownItem[]> => {
  const endsAtMs = performance.now() + settleWaitMs;
  for (;;) {
    const shown = (await Promise.all(items.map((item) => showItem(queries, item)))).flatMap(
      (item) => item ?? [],
    );
    if (settled(shown) || performance.now() > endsAtMs) return shown;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const everyItemIsStocked =
  (items: readonly DemoItem[]) =>
  (shown: readonly ShownItem[]): boolean =>
    shown.length === items.length && items.every(({ stocked }, index) => shown[index]?.stocked === stocked);

const nothingIsPending = (shown: readonly ShownItem[]): boolean =>
  shown.every(({ pending }) => pending === 0);

/** Redraws one line on a terminal; elsewhere writes a line every two seconds. */
const showProgress = (progress: Progress, total: number, options: DemoOptions): (() => void) => {
  const startedAtMs = performance.now();
  const draw = (): void => {
    const line = progressLine(progress, total, performance.now() - startedAtMs);
    options.print(options.isTerminal ? `\r  ${line}` : `  ${line}\n`);
  };
  const timer = setInterval(draw, options.isTerminal ? 100 : 2_000);
  return () => {
    clearInterval(timer);
    draw();
    if (options.isTerminal) options.print('\n');
  };
};

const readLog = async (options: DemoOptions, runId: string): Promise<LoggedRun> => {
  const connection = kafkaConnection({ brokers: options.brokers, clientId: 'demo' });
  const codec = await createEventCodec({ registryUrl: options.registryUrl });
  return readRun(createLogReader(connection), codec, runId);
};

const howToGoOn = (options: DemoOptions, evidence: Evidence): string => {
  const item = evidence.items[3]?.itemId ?? 'poster';
  const order = evidence.orders[0]?.body.request_id ?? '';
  return [
    '',
    '  Place an order of your own, and read it:',
    '',
    `    curl -s ${options.shownCommandUrl}/commands/buy -H 'Content-Type: application/json' \\`,
    `      -d '{"user_id":"me","item_id":"${item}","amount":1,"request_id":"my-first-order"}'`,
    `    curl -s '${options.shownQueryUrl}/orders/my-first-order?wait=10s'`,
    '',
    `  One order of the demo:  curl -s ${options.shownQueryUrl}/orders/${order}/timeline`,
    `  The items:              curl -s ${options.shownQueryUrl}/items`,
    '  The system stays up; `make down` stops it.',
    '',
  ].join('\n');
};

/** Runs the demo against a running system. @returns the exit code: 0 only when every invariant holds. */
export const runDemo = async (options: DemoOptions): Promise<number> => {
  const runId = `demo${Date.now().toString(36)}`;
  const plan = makePlan({ ...options, runId });
  const commands = new Client(options.commandUrl, options.concurrency);
  const queries = new Client(options.queryUrl, options.concurrency);
  try {
    options.print(`\n  Stocking ${plan.items.length} items\n`);
    await stockItems(commands, plan, options);
    await showItems(queries, plan.items, everyItemIsStocked(plan.items));

    options.print(
      `  ${options.buyers} buyers press buy: ${plan.orders} orders, ${plan.presses.length - plan.orders} repeats and faulty presses\n`,
    );
    const progress = newProgress();
    const finish = showProgress(progress, plan.presses.length, options);
    const startedAtMs = performance.now();
    const driven = await drive(plan, {
      commands,
      queries,
      concurrency: options.concurrency,
      progress,
      waitMs: terminalWaitMs,
    });
    const elapsedMs = performance.now() - startedAtMs;
    finish();

    options.print('  Reading the log back and judging the sale\n');
    const charges = await readNetCharges(options.journalUrl, runId);
    const evidence: Evidence = {
      items: plan.items,
      orders: driven.orders,
      unsure: driven.unsure,
      shown: await showItems(queries, plan.items, nothingIsPending),
      log: await readLog(options, runId),
      ...(charges === undefined ? {} : { charges }),
    };
    const verdicts = [
      ...judge(evidence),
      { name: 'every press was answered as it should be', violations: driven.surprises },
    ];
    options.print(`${summary(evidence, progress, elapsedMs)}\n${verdictLines(verdicts)}\n`);
    const holds = verdicts.every(({ violations }) => violations.length === 0);
    options.print(holds ? howToGoOn(options, evidence) : '\n  An invariant does not hold.\n');
    return holds ? 0 : 1;
  } finally {
    commands.close();
    queries.close();
  }
};
