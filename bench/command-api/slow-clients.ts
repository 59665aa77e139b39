import { connect, type Socket } from 'node:net';

const byteEveryMs = 1_000;
/** Those who were cut come back within a second. */
const backWithinMs = 1_000;

/** As far as one gets: in the headers for ever, or at the first byte of a body of 1,000. */
const beginnings = ['X-Slow: ', 'Content-Length: 1000\r\n\r\n{'];

/**
 * Keeps `count` sockets that send a byte a second, half of them in the headers and half in the body, each at a moment of
 * its own as separate clients do, and back within a second after it was cut. Returns what ends them.
 */
export const openSlowClients = (url: string, count: number): (() => void) => {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isOver = false;
  const open = (beginning: string): void => {
    if (isOver) return;
    const socket = connect(Number(port), hostname);
    sockets.add(socket);
    let timer: NodeJS.Timeout;
    const sendByte = (): void => {
      socket.write(' ');
      timer = setTimeout(sendByte, byteEveryMs);
    };
    timer = setTimeout(sendByte, Math.random() * byteEveryMs);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      sockets.delete(socket);
      setTimeout(() => open(beginning), Math.random() * backWithinMs);
    });
    socket.resume();
    socket.write(`POST /commands/buy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${beginning}`);
  };
  for (let each = 0; each < count; each += 1) {
    setTimeout(() => open(beginnings[each % beginnings.length] ?? ''), Math.random() * backWithinMs);
  }
  return () => {
    isOver = true;
    for (const socket of sockets) socket.destroy();
  };
};
