import type { Settings } from '../../chassis/config';
import { commandApiSettings } from '../../command-api/config';
import { settings as migrationsSettings } from '../../migrations/config';
import { projectorSettings } from '../../projector/config';
import { queryApiSettings } from '../../query-api/config';
import { sagaSettings } from '../../saga/config';
import { paymentSimulatorSettings } from '../../saga/payment-simulator/config';
import { deploySettings } from '../../schemas/deploy-settings';

/** Every process that is deployed, with the settings it reads. */
export const processes: Readonly<Record<string, Settings>> = {
  'command-api': commandApiSettings,
  saga: sagaSettings,
  projector: projectorSettings,
  'query-api': queryApiSettings,
  migrations: migrationsSettings,
  schemas: deploySettings,
  'payment-simulator': paymentSimulatorSettings,
};
