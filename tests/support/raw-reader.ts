import { connect, type Socket } from 'node:net';

const contentLength = /content-length: (\d+)/i;

/** Whether the text is a whole answer. All of it is ASCII. */
const isWhole = (text: string): boolean => {
  const end = text.indexOf('\r\n\r\n');
  return end !== -1 && text.length >= end + 4 + Number(contentLength.exec(text)?.[1] ?? 0);
};

/** A connection on which nothing is read yet. */
export const openSocket = (url: URL): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });

/** Opens a connection on which answers are read one by one; `onAnswer` gets each as text. */
export const openReader = async (url: URL, onAnswer: (text: string) => void): Promise<Socket> => {
  const socket = await openSocket(url);
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (!isWhole(text)) return;
    const answer = text;
    text = '';
    onAnswer(answer);
  });
  return socket;
};

/** A request without a body on a kept connection. */
export const requestText = (url: URL, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`;
