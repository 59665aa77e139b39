"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.shellVariables = exports.summary = void 0;
const addresses_1 = require("./addresses");
const settings_1 = require("./settings");
/** Where everything is, for a person. */
const summary = (settings, infrastructureOnly) => infrastructureOnly
    ? `  Kafka on ${settings.KAFKA_PORT}, Schema Registry on ${settings.SCHEMA_REGISTRY_PORT}, ` +
        `Redis on ${settings.REDIS_PORT}, PostgreSQL on ${settings.POSTGRES_PORT}. Stop with: make down`
    : [
        `  buy      POST ${(0, addresses_1.addressesOf)(settings).COMMAND_API_URL}/commands/buy`,
        `  read     GET  ${(0, addresses_1.addressesOf)(settings).QUERY_API_URL}/orders/<request_id>`,
        `  console  ${(0, addresses_1.addressesOf)(settings).QUERY_API_URL}/console`,
        ...(settings.ADMIN_TOKEN === settings_1.demoAdminToken ? [`  admin    Bearer ${settings_1.demoAdminToken}`] : []),
        '  make ps, make logs, make health; stop with make down',
    ].join('\n');
exports.summary = summary;
/** `NAME='value'` lines for a shell, so that `make seed` and its like need no settings of their own. */
const shellVariables = (settings, variables) => Object.entries({
    ...variables,
    ...(0, addresses_1.addressesOf)(settings),
    // The demo proves the charges by the simulator's journal; a provider of your own has none to show.
    ...(settings.PAYMENT_URL === undefined && {
        PAYMENT_JOURNAL_URL: `${(0, addresses_1.onLoopback)(settings.PAYMENT_SIMULATOR_PORT)}/journal`,
    }),
    ADMIN_TOKEN: settings.ADMIN_TOKEN,
})
    .map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
exports.shellVariables = shellVariables;
//# sourceMappingURL=summary.js.map