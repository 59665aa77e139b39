import { addressesOf, onLoopback } from './addresses';
import type { StackVariables } from './infrastructure';
import { demoAdminToken, type StackSettings } from './settings';

/** Where everything is, for a person. */
export const summary = (settings: StackSettings, infrastructureOnly: boolean): string =>
  infrastructureOnly
    ? `  Kafka on ${settings.KAFKA_PORT}, Schema Registry on ${settings.SCHEMA_REGISTRY_PORT}, ` +
      `Redis on ${settings.REDIS_PORT}, PostgreSQL on ${settings.POSTGRES_PORT}. Stop with: make down`
    : [
        `  buy      POST ${addressesOf(settings).COMMAND_API_URL}/commands/buy`,
        `  read     GET  ${addressesOf(settings).QUERY_API_URL}/orders/<request_id>`,
        `  console  ${addressesOf(settings).QUERY_API_URL}/console`,
        ...(settings.ADMIN_TOKEN === demoAdminToken ? [`  admin    Bearer ${demoAdminToken}`] : []),
        '  make ps, make logs, make health; stop with make down',
      ].join('\n');

/** `NAME='value'` lines for a shell, so that `make seed` and its like need no settings of their own. */
export const shellVariables = (settings: StackSettings, variables: StackVariables): string =>
  Object.entries({
    ...variables,
    ...addressesOf(settings),
    // The demo proves the charges by the simulator's journal; a provider of your own has none to show.
    ...(settings.PAYMENT_URL === undefined && {
      PAYMENT_JOURNAL_URL: `${onLoopback(settings.PAYMENT_SIMULATOR_PORT)}/journal`,
    }),
    ADMIN_TOKEN: settings.ADMIN_TOKEN,
  })
    .map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
