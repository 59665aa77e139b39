import { connect } from 'node:net';
import { loopback } from './ports';

/**
 * Sends bytes to a loopback port and gives the first bytes that come back; the connection is closed then.
 * @throws when nobody listens, the other side hangs up, or nothing comes within `timeoutMs`.
 */
export const exchange = (port: number, request: Buffer, timeoutMs: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: loopback });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(new Error(`no answer on port ${port} within ${timeoutMs} ms`)));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error(`port ${port} hung up`)));
    socket.once('connect', () => socket.write(request));
    socket.once('data', (answer) => {
      resolve(answer);
      socket.destroy();
    });
  });
