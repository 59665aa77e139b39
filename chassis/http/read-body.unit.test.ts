import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { eventually } from '../../tests/support/eventually';
import { readBody } from './read-body';

const bytesMax = 20;

let server: Server;
let bodies: (string | undefined)[];
let sockets: Socket[];

beforeEach(async () => {
  bodies = [];
  sockets = [];
  server = createServer((request, response) => {
    readBody(request, bytesMax, (bytes) => {
      bodies.push(bytes?.toString());
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const client = (): Socket => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('data', () => undefined);
  sockets.push(socket);
  return socket;
};
const sized = (length: number): string => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
const arrived = (...expected: readonly (string | undefined)[]): Promise<void> =>
  eventually(async () => expect(bodies).toStrictEqual(expected));
/** The server has the headers and still no body: what follows comes in another turn of its event loop. */
const headersRead = (): Promise<unknown> => new Promise((resolve) => server.once('request', resolve));

describe('a body', () => {
  it('is read when it comes with its headers', async () => {
    client().write(`${sized(5)}hello`);
    await arrived('hello');
  });

  it('is read when it comes in parts', async () => {
    const socket = client();
    const read = headersRead();
    socket.write(`${sized(10)}hel`);
    await read;
    socket.write('lo wo');
    socket.write('rl');
    await arrived('hello worl');
  });

  it('is empty where nothing is sent', async () => {
    client().write(sized(0));
    await arrived('');
  });

  it('is read of each of two requests that come together on one connection', async () => {
    const socket = client();
    socket.write(`${sized(3)}one${sized(3)}two`);
    await arrived('one', 'two');
  });

  it.each([
    ['whole', `${chunked}15\r\n${'a'.repeat(21)}\r\n0\r\n\r\n`, ''],
    ['in parts', chunked, `15\r\n${'a'.repeat(21)}\r\n0\r\n\r\n`],
  ])('that is too large is not handed over when it comes %s', async (_how, first, rest) => {
    const socket = client();
    const read = headersRead();
    socket.write(first);
    await read;
    if (rest !== '') socket.write(rest);
    await arrived(undefined);
  });

  it('that never comes whole is not called back', async () => {
    const socket = client();
    const read = headersRead();
    socket.write(`${sized(10)}hel`);
    await read;
    socket.destroy();
    client().write(`${sized(5)}later`);
    await arrived('later');
  });
});
