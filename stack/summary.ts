import type { StackVariables } from './infrastructure';
import { loopback } from './ports';
import { demoAdminToken, type StackSettings } from './settings';

const at = (port: number): string => `http://${loopback}:${port}`;
const commandApi = (settings: StackSettings): string => at(settings.COMMAND_API_PORT);
const queryApi = (settings: StackSettings): string => at(settings.QUERY_API_PORT);

/** Where everything is, for a person. */
export const summary = (settings: StackSettings, infrastructureOnly: boolean): string =>
  infrastructureOnly
    ? `  Kafka on ${settings.KAFKA_PORT}, Schema Registry on ${settings.SCHEMA_REGISTRY_PORT}, ` +
      `Redis on ${settings.REDIS_PORT}, PostgreSQL on ${settings.POSTGRES_PORT}. Stop with: make down`
    : [
        `  buy      POST ${commandApi(settings)}/commands/buy`,
        `  read     GET  ${queryApi(settings)}/orders/<request_id>`,
        `  console  ${queryApi(settings)}/console`,
        ...(settings.ADMIN_TOKEN === demoAdminToken ? [`  admin    Bearer ${demoAdminToken}`] : []),
        '  make ps, make logs, make health; stop with make down',
      ].join('\n');

/** `NAME='value'` lines for a shell, so that `make seed` and its like need no settings of their own. */
export const shellVariables = (settings: StackSettings, variables: StackVariables): string =>
  Object.entries({
    ...variables,
    COMMAND_API_URL: commandApi(settings),
    QUERY_API_URL: queryApi(settings),
    SAGA_URL: at(settings.SAGA_PORT),
    PROJECTOR_URL: at(settings.PROJECTOR_PORT),
    // The demo proves the charges by the simulator's journal; a provider of your own has none to show.
    ...(settings.PAYMENT_URL === undefined && {
      PAYMENT_JOURNAL_URL: `${at(settings.PAYMENT_SIMULATOR_PORT)}/journal`,
    }),
    ADMIN_TOKEN: settings.ADMIN_TOKEN,
  })
    .map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
