import Joi from 'joi';
import { duration, type Settings } from '../../chassis/config';

export interface SimulatedPaymentSettings {
  readonly PAYMENT_SEED: string;
  readonly PAYMENT_LATENCY: number;
  readonly PAYMENT_DECLINE_RATE: number;
  readonly PAYMENT_TIMEOUT_RATE: number;
}

export interface PaymentSettings extends SimulatedPaymentSettings {
  readonly PAYMENT_URL?: string;
  readonly PAYMENT_TIMEOUT: number;
  readonly PAYMENT_BUDGET: number;
  readonly PAYMENT_GIVE_UP_AFTER: number;
  readonly PAYMENT_IN_FLIGHT_MAX: number;
}

const rate = (): Joi.NumberSchema => Joi.number().min(0).max(1);

export const simulatedPaymentSettings: Settings = {
  PAYMENT_SEED: Joi.string()
    .default('flash-sale')
    .description('Which orders the simulated provider declines'),
  PAYMENT_LATENCY: duration().default(20).description('How long the simulated provider takes to answer'),
  PAYMENT_DECLINE_RATE: rate()
    .default(0)
    .description(
      'Share of orders that the simulated provider declines, 0 to 1; buyers named `declined-…` it always declines',
    ),
  PAYMENT_TIMEOUT_RATE: rate()
    .default(0)
    .description('Share of calls that take effect and whose answer the simulated provider loses, 0 to 1'),
};

export const paymentSettings: Settings = {
  PAYMENT_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description('Base address of the payment provider; unset: the simulated one inside this process'),
  PAYMENT_TIMEOUT: duration().default(2_000).description('Deadline of one call to the payment provider'),
  // A chunk may begin its last attempt after 4 s, and one that takes 15 s altogether passes for a stalled partition.
  PAYMENT_BUDGET: duration({ maxMs: 10_000 })
    .default(8_000)
    .description(
      'How long a payment may stay unknown before its order moves to payment-retries; no longer than 10s',
    ),
  PAYMENT_GIVE_UP_AFTER: duration()
    .default(24 * 3_600_000)
    .description(
      'An order whose payment is still unknown so long after its request is refused; its charge is cancelled for good first',
    ),
  PAYMENT_IN_FLIGHT_MAX: Joi.number()
    .integer()
    .min(1)
    .max(10_000)
    .default(500)
    .description('Payments under way at once in one process'),
  ...simulatedPaymentSettings,
};
