import type { Running } from '../../chassis/lifecycle';
import { readConfig } from '../payment-simulator/config';
import { start } from '../payment-simulator/start';
import { systemClock } from '../system-clock';
import { createHttpProvider, type HttpProvider } from './http-provider';
import { describePayment } from './payment.contract';
import type { PaymentProvider } from './provider';
import { PaymentSimulator } from './simulator';

const simulator = (declineRate: number): PaymentSimulator =>
  new PaymentSimulator({ seed: 's', latencyMs: 0, declineRate, timeoutRate: 0, timeoutMs: 1 }, systemClock);

const order = { key: 'r', userId: 'ann', itemId: 'shoe', amount: 2 };

/** The simulator's own: what a shop can try without settings. */
const expectTestBuyers = async (provider: PaymentProvider): Promise<void> => {
  expect(await provider.charge('r:1', order)).toMatchObject({ kind: 'approved' });
  const declining = { ...order, userId: 'declined-ann' };
  expect(await provider.charge('s:1', declining)).toEqual({ kind: 'declined', code: 'card_declined' });
};

it('declines buyers by their names, inside the process', () => expectTestBuyers(simulator(0)));

describePayment('inside the process', async () => ({ willing: simulator(0), declining: simulator(1) }));

describe('over HTTP', () => {
  const running: Running[] = [];
  const clients: HttpProvider[] = [];
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.stop());
    await Promise.all(running.splice(0).map((process) => process.stop()));
  });

  const over = async (
    declineRate: number,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<HttpProvider> => {
    const config = readConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      PAYMENT_LATENCY: '0',
      PAYMENT_DECLINE_RATE: String(declineRate),
      ...settings,
    });
    const server = await start(config);
    running.push(server);
    const client = createHttpProvider({ url: server.url, timeoutMs: 5_000, connectionsMax: 4 });
    clients.push(client);
    return client;
  };

  it('declines buyers by their names', async () => expectTestBuyers(await over(0)));

  it('answers nobody and moves no money during an outage, and goes on after it', async () => {
    const client = await over(0, { PAYMENT_HANG: '0' });
    const url = running[0]?.url ?? '';
    await fetch(`${url}/outage`, { method: 'PUT' });
    expect(await client.charge('r:1', order)).toEqual({ kind: 'unknown' });
    expect(await client.query('r:1')).toEqual({ kind: 'unknown' });
    expect(await client.cancel('r:1')).toEqual({ kind: 'unknown' });
    expect(await (await fetch(`${url}/journal`)).text()).toBe('');
    await fetch(`${url}/outage`, { method: 'DELETE' });
    expect(await client.query('r:1')).toEqual({ kind: 'none' });
    expect(await client.charge('r:1', order)).toMatchObject({ kind: 'approved' });
  });

  describePayment('behind HTTP', async () => ({ willing: await over(0), declining: await over(1) }));
});
