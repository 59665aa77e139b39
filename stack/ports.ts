import { createServer } from 'node:net';

/** Every server listens here and nowhere else. */
export const loopback = '127.0.0.1';

export class PortBusyError extends Error {
  override readonly name = 'PortBusyError';
  readonly port: number;
  readonly variable: string;
  constructor(port: number, variable: string, options?: ErrorOptions) {
    super(`Port ${port} is in use. Stop what listens there, or set ${variable} to another port.`, options);
    this.port = port;
    this.variable = variable;
  }
}

const bind = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port, host: loopback, exclusive: true }, () => probe.close(() => resolve()));
  });

/**
 * Free ports come from below the range that systems hand out to outgoing connections (Linux 32768 and up, macOS
 * 49152 and up): there, a connection of somebody else could take the port between our look and the server's bind.
 */
let lowest = 20_000;
let highest = 32_700;
const attemptsMax = 200;

const handedOut = new Set<number>();

/**
 * Has this process take free ports from one of `count` equal parts only. A port that a server of another process has left for a
 * moment, because it was killed to be started again, counts as free.
 */
export const usePartOfPorts = (part: number, count: number): void => {
  const size = Math.floor((highest - lowest) / count);
  lowest += part * size;
  highest = lowest + size;
};

/** A port of the loopback address that is free now and that this process has not handed out before. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (handedOut.has(port)) continue;
    try {
      await bind(port);
      handedOut.add(port);
      return port;
    } catch {
      continue;
    }
  }
  throw new Error(`No free port between ${lowest} and ${highest} in ${attemptsMax} attempts`);
};

/**
 * The port to use: the wanted one, or a free one for 0.
 * @throws PortBusyError naming the variable that moves the server elsewhere.
 */
export const claimPort = async (wanted: number, variable: string): Promise<number> => {
  if (wanted === 0) return freePort();
  try {
    await bind(wanted);
    return wanted;
  } catch (cause) {
    throw new PortBusyError(wanted, variable, { cause });
  }
};
