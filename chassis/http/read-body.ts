import type { IncomingMessage } from 'node:http';

type Done = (bytes: Buffer | undefined) => void;

interface Reading {
  readonly request: IncomingMessage;
  readonly bytesMax: number;
  readonly done: Done;
}

let begun: Reading[] = [];

/**
 * Reads a body of at most `bytesMax` and calls back once, in a later turn of the event loop; `undefined`: it is larger, and
 * what still comes is thrown away by the server. A client that goes away before all of it is here is never called back: nothing
 * is held for it by then.
 *
 * Most bodies come in one packet with their headers, so they are whole when the turn in which the headers came ends, and
 * are taken then, all at once. Listening for their parts made a stream flow and end for each: 30 µs of CPU a request in a
 * bare server instead of 21 (docs/benchmark-command-api-history.md).
 */
export const readBody = (request: IncomingMessage, bytesMax: number, done: Done): void => {
  if (begun.push({ request, bytesMax, done }) === 1) setImmediate(readBegun);
};

const readBegun = (): void => {
  const readings = begun;
  begun = [];
  for (const reading of readings) {
    if (reading.request.complete) takeWhole(reading);
    else collect(reading);
  }
};

const takeWhole = ({ request, bytesMax, done }: Reading): void => {
  if (request.readableLength > bytesMax) done(undefined);
  else done((request.read() as Buffer | null) ?? Buffer.alloc(0));
};

const collect = ({ request, bytesMax, done }: Reading): void => {
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > bytesMax) finish(undefined);
  };
  const onEnd = (): void => finish(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  const finish = (bytes: Buffer | undefined): void => {
    request.off('data', onData);
    request.off('end', onEnd);
    done(bytes);
  };
  request.on('data', onData);
  request.on('end', onEnd);
};
