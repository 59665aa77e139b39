import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly durationMs: number;
  /** Starts every request_id of this run, so that the log can be asked for them. */
  readonly prefix: string;
  readonly item: string;
}

export interface LoadResult {
  readonly connections: number;
  readonly seconds: number;
  readonly accepted: number;
  readonly refused: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

const digits = 9;

/** One text per order, always of the same length, so that `Content-Length` is a constant. */
const requestText = (host: string, { prefix, item }: LoadOptions, number: number): string => {
  const n = String(number).padStart(digits, '0');
  const body = `{"user_id":"${prefix.slice(-8)}${n}","item_id":"${item}","amount":1,"request_id":"${prefix}-${n}"}`;
  return `POST /commands/buy HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

const contentLength = /content-length: (\d+)/i;

/** Whether the text is a whole answer: its headers and as many bytes as they announce. All of it is ASCII. */
const isWhole = (text: string): boolean => {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = Number(contentLength.exec(text)?.[1] ?? 0);
  return text.length >= end + 4 + length;
};

const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/**
 * Keeps one unique order in flight on every connection until the time is over, then waits for the last answers.
 * For a machine without wrk. Sockets are written and read by hand: an HTTP client would cost as much as the server that is measured.
 */
export const runLoad = async (options: LoadOptions): Promise<LoadResult> => {
  const { hostname, port, host } = new URL(options.url);
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + options.durationMs;
  const latencies: number[] = [];
  let next = 0;
  let accepted = 0;
  let refused = 0;

  const drive = (socket: Socket, done: (error?: Error) => void): void => {
    let sentAtMs = 0;
    let text = '';
    const send = (): void => {
      sentAtMs = performance.now();
      socket.write(requestText(host, options, next), 'latin1');
      next += 1;
    };
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('error', done);
    socket.on('connect', send);
    socket.on('data', (chunk: string) => {
      text = text === '' ? chunk : text + chunk;
      if (!isWhole(text)) return;
      const now = performance.now();
      latencies.push(now - sentAtMs);
      if (text.startsWith('HTTP/1.1 202')) accepted += 1;
      else refused += 1;
      text = '';
      if (now < endsAtMs) send();
      else done();
    });
  };
  const sockets: Socket[] = [];
  await Promise.all(
    Array.from(
      { length: options.connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(Number(port), hostname);
          sockets.push(socket);
          drive(socket, (error) => (error ? reject(error) : resolve()));
        }),
    ),
  );
  const seconds = (performance.now() - startedAtMs) / 1000;
  for (const socket of sockets) socket.destroy();
  const sorted = Float64Array.from(latencies).sort();
  return {
    connections: options.connections,
    seconds,
    accepted,
    refused,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    p999Ms: percentile(sorted, 0.999),
  };
};
