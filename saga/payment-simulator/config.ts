import Joi from 'joi';
import { readSettings, type Environment, type Settings } from '../../chassis/config';
import { processSettings, type ProcessSettings } from '../../chassis/settings';
import { simulatedPaymentSettings, type SimulatedPaymentSettings } from '../payment/settings';

export interface PaymentSimulatorConfig extends ProcessSettings, SimulatedPaymentSettings {
  readonly PAYMENT_JOURNAL?: string;
}

export const paymentSimulatorSettings: Settings = {
  ...processSettings(9103),
  ...simulatedPaymentSettings,
  PAYMENT_JOURNAL: Joi.string().description(
    'File that every charge and cancellation is appended to, and read back from at start; unset: memory only',
  ),
};

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): PaymentSimulatorConfig =>
  readSettings<PaymentSimulatorConfig>(paymentSimulatorSettings, environment);
