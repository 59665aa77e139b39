import type { Log } from '../../chassis/log';
import type { Observe } from '../observe';
import type { Payment } from '../ports';
import { systemClock } from '../system-clock';
import { createBudgetedPayment } from './budgeted-payment';
import { createHttpProvider } from './http-provider';
import type { PaymentSettings } from './settings';
import { PaymentSimulator } from './simulator';

export interface RunningPayment extends Payment {
  readonly inFlight: () => number;
  stop(): void;
}

const simulator = (config: PaymentSettings): PaymentSimulator =>
  new PaymentSimulator(
    {
      seed: config.PAYMENT_SEED,
      latencyMs: config.PAYMENT_LATENCY,
      declineRate: config.PAYMENT_DECLINE_RATE,
      timeoutRate: config.PAYMENT_TIMEOUT_RATE,
      timeoutMs: config.PAYMENT_TIMEOUT,
    },
    systemClock,
  );

/** The provider that the settings name, with attempts, budget and bound around it. */
export const createPayment = (
  config: PaymentSettings,
  log: Log,
  observeStep: Observe['step'],
): RunningPayment => {
  const { PAYMENT_BUDGET: budgetMs, PAYMENT_IN_FLIGHT_MAX: inFlightMax } = config;
  const budget = { budgetMs, inFlightMax, observeStep };
  if (config.PAYMENT_URL === undefined) {
    log.info('payments are simulated in this process (PAYMENT_URL is not set)', {
      event: 'payment_simulated',
    });
    return { ...createBudgetedPayment(simulator(config), budget, systemClock), stop: () => undefined };
  }
  const provider = createHttpProvider({
    url: config.PAYMENT_URL,
    timeoutMs: config.PAYMENT_TIMEOUT,
    connectionsMax: config.PAYMENT_IN_FLIGHT_MAX,
  });
  return { ...createBudgetedPayment(provider, budget, systemClock), stop: () => provider.stop() };
};
