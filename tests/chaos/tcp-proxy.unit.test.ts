import net from 'node:net';
import { eventually } from '../support/eventually';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

describe('a link that a run can break', () => {
  const received: string[] = [];
  let echo: net.Server;
  let proxy: TcpProxy;

  beforeEach(async () => {
    received.length = 0;
    echo = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        received.push(bytes.toString());
        socket.write(bytes);
      });
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as net.AddressInfo;
    proxy = await startTcpProxy(`127.0.0.1:${port}`, () => 0.5);
  });
  afterEach(async () => {
    await proxy.stop();
    await new Promise((resolve) => echo.close(resolve));
  });

  const connect = () => {
    const socket = net.connect(proxy.port, '127.0.0.1');
    const state = { text: '', isClosed: false };
    socket.on('data', (bytes) => (state.text += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => (state.isClosed = true));
    return { socket, state };
  };

  it('hands on what comes, in its order', async () => {
    const { socket, state } = connect();
    socket.write('one ');
    socket.write('two');
    await eventually(() => expect(state.text).toBe('one two'));
    socket.destroy();
  });

  it('cuts into bytes without losing any', async () => {
    proxy.behave({ sliceBytes: 1 });
    const { socket, state } = connect();
    socket.write('abcdefghij');
    await eventually(() => expect(state.text).toBe('abcdefghij'));
    socket.destroy();
  });

  it('delivers what was sent into silence once it is healed', async () => {
    proxy.behave({ isSilent: true });
    const { socket, state } = connect();
    socket.write('late');
    await eventually(() => expect(socket.bytesWritten).toBe(4));
    expect(state.text).toBe('');
    proxy.heal();
    await eventually(() => expect(state.text).toBe('late'));
    socket.destroy();
  });

  it('delivers a request and withholds its reply', async () => {
    proxy.cutAtReply('buy', 1);
    const first = connect();
    first.socket.write('buy 1');
    await eventually(() => expect(first.state.text).toBe('buy 1'));
    first.socket.write('BUY 2');
    await eventually(() => expect(first.state.isClosed).toBe(true));
    expect(received.join(' ')).toBe('buy 1 BUY 2');
    expect(first.state.text).toBe('buy 1');
    expect(proxy.faults).toBe(1);
  });

  it('resets every connection at once', async () => {
    const one = connect();
    const other = connect();
    one.socket.write('x');
    other.socket.write('y');
    await eventually(() => expect(received.length).toBe(2));
    proxy.cut();
    await eventually(() => expect([one.state.isClosed, other.state.isClosed]).toEqual([true, true]));
  });
});
