import { pause } from '../../chassis/deadline';
import { Connections } from './connections';

/** What one buyer saw; times are of the monotonic clock, but `seenAt` is milliseconds since 1970. */
export interface Bought {
  readonly id: string;
  /** From the moment the press was due to the 202. */
  readonly acceptMs: number;
  /** From the 202 to the answer with a terminal status. */
  readonly terminalMs: number;
  readonly seenAt: number;
}

export interface Purchases {
  readonly bought: readonly Bought[];
  /** Answers that were not as they must be. */
  readonly wrong: readonly string[];
  readonly seconds: number;
}

export interface BuyersOptions {
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly item: string;
  /** Begins every request_id. */
  readonly prefix: string;
  readonly perSecond: number;
  readonly durationMs: number;
}

const tickMs = 2;
const openBeforehand = { commands: 32, queries: 256 };

const pressText = (host: string, { item }: BuyersOptions, id: string): string => {
  const body = `{"user_id":"${id}","item_id":"${item}","amount":1,"request_id":"${id}"}`;
  return `POST /commands/buy HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

const followText = (host: string, id: string): string =>
  `GET /orders/${id}?wait=10s HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

/**
 * Buys at a steady pace, whatever the answers take, and follows each order with `?wait=` from its 202 on, as the page
 * of a buyer does.
 */
export const letBuy = async (options: BuyersOptions): Promise<Purchases> => {
  const commands = new Connections(options.commandUrl);
  const queries = new Connections(options.queryUrl);
  await commands.open(openBeforehand.commands);
  await queries.open(openBeforehand.queries);
  const bought: Bought[] = [];
  const wrong: string[] = [];

  const buy = async (id: string, dueAtMs: number): Promise<void> => {
    const accepted = await commands.ask(pressText(commands.host, options, id));
    const acceptedAtMs = performance.now();
    if (!accepted.startsWith('HTTP/1.1 202')) {
      wrong.push(accepted.slice(0, 200));
      return;
    }
    const answer = await queries.ask(followText(queries.host, id));
    if (!answer.startsWith('HTTP/1.1 200') || answer.includes('"PENDING"')) {
      wrong.push(answer);
      return;
    }
    const nowMs = performance.now();
    bought.push({
      id,
      acceptMs: acceptedAtMs - dueAtMs,
      terminalMs: nowMs - acceptedAtMs,
      seenAt: performance.timeOrigin + nowMs,
    });
  };

  const startedAtMs = performance.now();
  const underWay: Promise<void>[] = [];
  const count = Math.floor((options.durationMs / 1000) * options.perSecond);
  while (underWay.length < count) {
    const due = Math.min(count, ((performance.now() - startedAtMs) / 1000) * options.perSecond);
    while (underWay.length < due) {
      const number = underWay.length;
      const dueAtMs = startedAtMs + (number / options.perSecond) * 1000;
      underWay.push(buy(`${options.prefix}-${number}`, dueAtMs));
    }
    await pause(tickMs);
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  await Promise.all(underWay);
  commands.close();
  queries.close();
  return { bought, wrong, seconds };
};
