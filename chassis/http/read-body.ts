import type { IncomingMessage } from 'node:http';

/**
 * Reads a body of at most `bytesMax` and calls back once; `undefined`: it is larger, and what still comes is thrown
 * away by the server. A client that goes away is never called back: nothing is held for it by then.
 */
export const readBody = (
  request: IncomingMessage,
  bytesMax: number,
  done: (bytes: Buffer | undefined) => void,
): void => {
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
