import type { Running } from '../../chassis/lifecycle';
import { readConfig } from '../payment-simulator/config';
import { start } from '../payment-simulator/start';
import { systemClock } from '../system-clock';
import { createHttpProvider, type HttpProvider } from './http-provider';
import { describePayment } from './payment.contract';
import { PaymentSimulator } from './simulator';

const simulator = (declineRate: number): PaymentSimulator =>
  new PaymentSimulator({ seed: 's', latencyMs: 0, declineRate, timeoutRate: 0, timeoutMs: 1 }, systemClock);

describePayment('inside the process', async () => ({ willing: simulator(0), declining: simulator(1) }));

describe('over HTTP', () => {
  const running: Running[] = [];
  const clients: HttpProvider[] = [];
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.stop());
    await Promise.all(running.splice(0).map((process) => process.stop()));
  });

  const over = async (declineRate: number): Promise<HttpProvider> => {
    const config = readConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      PAYMENT_LATENCY: '0',
      PAYMENT_DECLINE_RATE: String(declineRate),
    });
    const server = await start(config);
    running.push(server);
    const client = createHttpProvider({ url: server.url, timeoutMs: 5_000, connectionsMax: 4 });
    clients.push(client);
    return client;
  };

  describePayment('behind HTTP', async () => ({ willing: await over(0), declining: await over(1) }));
});
