import type { Socket } from 'node:net';
import { Client } from 'pg';
import { announcementChannel, decodeAnnouncement } from '../../migrations/views/announcement';
import type { RunningServer } from '../../stack/server-process';
import { openSocket, requestText } from '../../tests/support/raw-reader';
import { cpuSecondsOf } from '../cpu-seconds';
import { append, orderIdOf, outcomeOf, requestOf } from '../order-events';
import type { Bed } from '../rebuild/bed';

/** Milliseconds from the moment that the broker wrote the order's outcome to its log. */
export interface Crowd {
  /** CPU that the query API used for the answers, without the connections before and after. */
  readonly cpuSeconds: number;
  /** Until a listener hears that the projector has committed it. */
  readonly announcedMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Answers that were not 200 and COMPLETED. */
  readonly wrong: number;
}

const closingBrace = '}'.charCodeAt(0);

/** Clients that have asked and wait. What an answer says is looked at when all are there: reading it takes their time. */
class Waiting {
  readonly answered: Promise<void>;
  readonly #sockets: readonly Socket[];
  readonly #texts: Buffer[][] = [];
  firstAtMs = 0;
  lastAtMs = 0;

  constructor(sockets: readonly Socket[], text: string) {
    this.#sockets = sockets;
    this.answered = new Promise((resolve) => {
      let left = sockets.length;
      sockets.forEach((socket, index) => {
        const chunks: Buffer[] = (this.#texts[index] = []);
        socket.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (chunk.at(-1) !== closingBrace) return;
          this.lastAtMs = Date.now();
          if (this.firstAtMs === 0) this.firstAtMs = this.lastAtMs;
          left -= 1;
          if (left === 0) resolve();
        });
        socket.write(text, 'latin1');
      });
    });
  }

  /** Answers that are not what they must be; closes the connections. */
  close(): number {
    for (const socket of this.#sockets) socket.destroy();
    const answers = this.#texts.map((chunks) => Buffer.concat(chunks).toString('latin1'));
    return answers.filter((text) => !text.startsWith('HTTP/1.1 200') || !text.includes('"COMPLETED"')).length;
  }
}

const waitersOf = async (url: URL): Promise<number> => {
  const metrics = await (await fetch(new URL('/metrics', url))).text();
  return Number(/^query_api_waiters\{[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
};

const untilTaken = async (url: URL, size: number): Promise<void> => {
  while ((await waitersOf(url)) !== size) await new Promise((resolve) => setTimeout(resolve, 50));
};

/**
 * A place is taken before its waiter has looked at the order for the first time, and a crowd's first look takes the
 * process 10 to 50 ms. Whoever asks last is answered after them.
 */
const untilWaiting = async (url: URL, path: string, size: number): Promise<void> => {
  await untilTaken(url, size);
  await (await fetch(new URL(path, url))).text();
};

/** Hears of commits as a query API does. */
const listenFor = async (databaseUrl: string, id: string) => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const heardAtMs = new Promise<number>((resolve) => {
    client.on('notification', ({ payload }) => {
      if (decodeAnnouncement(payload ?? '')?.decided.includes(id)) resolve(Date.now());
    });
  });
  await client.query(`listen ${announcementChannel}`);
  return { heardAtMs, close: () => client.end() };
};

const appendedAtMs = async ({ pool }: Bed, id: string): Promise<number> => {
  const { rows } = await pool.query<{ at: string }>(
    'select outcome_appended_at as at from views.orders where request_id = $1',
    [id],
  );
  return Number(rows[0]?.at);
};

/**
 * Lets `size` clients wait for an order that was sold (its number is odd), writes its outcome to the log as the saga
 * does, and times their answers by the broker's clock, which is this machine's.
 */
export const runCrowd = async (
  bed: Bed,
  api: Pick<RunningServer, 'url' | 'pid'>,
  { number, size }: { readonly number: number; readonly size: number },
): Promise<Crowd> => {
  const url = new URL(api.url);
  const id = orderIdOf(number);
  await append(bed.producer, [requestOf(bed.codec, number)]);
  const sockets: Socket[] = [];
  for (let opened = 0; opened < size; opened += 1) sockets.push(await openSocket(url));
  const path = `/orders/${id}`;
  const waiting = new Waiting(sockets, requestText(url, `${path}?wait=60s`));
  await untilWaiting(url, path, size);
  const listener = await listenFor(bed.environment['DATABASE_URL'] ?? '', id);
  const cpuSecondsBefore = cpuSecondsOf(api.pid);
  await append(bed.producer, [outcomeOf(bed.codec, number)]);
  await waiting.answered;
  const cpuSeconds = cpuSecondsOf(api.pid) - cpuSecondsBefore;
  const announcedAtMs = await listener.heardAtMs;
  await listener.close();
  const writtenAtMs = await appendedAtMs(bed, id);
  const wrong = waiting.close();
  await untilTaken(url, 0);
  return {
    cpuSeconds,
    announcedMs: announcedAtMs - writtenAtMs,
    firstMs: waiting.firstAtMs - writtenAtMs,
    lastMs: waiting.lastAtMs - writtenAtMs,
    wrong,
  };
};
