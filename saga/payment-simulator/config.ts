import Joi from 'joi';
import { duration, readSettings, type Environment, type Settings } from '../../chassis/config';
import {
  processSettings,
  tracingSettings,
  type ProcessSettings,
  type TracingSettings,
} from '../../chassis/settings';
import { simulatedPaymentSettings, type SimulatedPaymentSettings } from '../payment/settings';

export interface PaymentSimulatorConfig extends ProcessSettings, TracingSettings, SimulatedPaymentSettings {
  readonly PAYMENT_JOURNAL_FILE?: string;
  readonly PAYMENT_HANG: number;
}

export const paymentSimulatorSettings: Settings = {
  ...processSettings(9103),
  ...tracingSettings,
  ...simulatedPaymentSettings,
  PAYMENT_JOURNAL_FILE: Joi.string().description(
    'Where the journal is kept and read from at start; unset: in memory only',
  ),
  PAYMENT_HANG: duration()
    .default(30_000)
    .description('How long a lost answer keeps its connection open before it is cut'),
};

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): PaymentSimulatorConfig =>
  readSettings<PaymentSimulatorConfig>(paymentSimulatorSettings, environment);
