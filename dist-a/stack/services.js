"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.serviceCommands = exports.deploySteps = exports.acceptingArgs = void 0;
const node_path_1 = require("node:path");
const config_1 = require("../chassis/config");
const addresses_1 = require("./addresses");
const logins_1 = require("./logins");
const ports_1 = require("./ports");
/** Four times what V8 takes: at 128 connections the collections of young objects were a seventh of the process's time. */
exports.acceptingArgs = ['--max-semi-space-size=64'];
const paymentSimulator = {
    name: 'payment-simulator',
    portVariable: 'PAYMENT_SIMULATOR_PORT',
    main: 'saga/payment-simulator/main.js',
    // Without it every charge of an earlier start would be missing: `reconcile` compares the journal with the whole log.
    keeps: { PAYMENT_JOURNAL_FILE: 'payment-journal.jsonl' },
};
/** In the order of starting; stopping goes the other way, so that buyers are turned away first. */
const services = [
    { name: 'saga', portVariable: 'SAGA_PORT', main: 'saga/main.js' },
    { name: 'projector', portVariable: 'PROJECTOR_PORT', main: 'projector/main.js' },
    { name: 'query-api', portVariable: 'QUERY_API_PORT', main: 'query-api/main.js', answersBuyers: true },
    {
        name: 'command-api',
        portVariable: 'COMMAND_API_PORT',
        main: 'command-api/main.js',
        nodeArgs: exports.acceptingArgs,
        answersBuyers: true,
    },
];
/** One-shot steps that have to succeed before any service starts; each may run again at any time. */
exports.deploySteps = [
    { name: 'migrations', main: 'migrations/main.js', args: ['up'], does: 'the tables' },
    { name: 'schemas', main: 'schemas/main.js', args: [], does: 'the topics and schemas' },
];
/** The console shows every process, and acts on dead letters: everything here is on loopback, and the token is typed. */
const consoleEnvironment = (settings) => {
    const { QUERY_API_URL: queryApi, COMMAND_API_URL, SAGA_URL, PROJECTOR_URL } = (0, addresses_1.addressesOf)(settings);
    return {
        COMMAND_API_URL,
        SAGA_URL,
        PROJECTOR_URL,
        CONSOLE_ORIGIN: settings.CONSOLE_ORIGIN ?? queryApi,
        CONSOLE_COMMAND_ORIGIN: settings.CONSOLE_COMMAND_ORIGIN ?? COMMAND_API_URL,
    };
};
/** What every service gets on top of the environment of `up`. */
const sharedEnvironment = (variables, settings) => ({
    ...variables,
    ...consoleEnvironment(settings),
    HOST: ports_1.loopback,
    ADMIN_TOKEN: settings.ADMIN_TOKEN,
    REFUSAL_DETAIL: String(settings.REFUSAL_DETAIL),
    STEP_BACK_UP_TO: (0, config_1.formatDurationMs)(settings.STEP_BACK_UP_TO),
    PAYMENT_URL: settings.PAYMENT_URL ?? (0, addresses_1.onLoopback)(settings.PAYMENT_SIMULATOR_PORT),
});
const filesOf = ({ keeps = {} }, data) => Object.fromEntries(Object.entries(keeps).map(([variable, file]) => [variable, (0, node_path_1.join)(data, file)]));
/** The processes to run, in order. Without a payment provider of your own the simulator is among them. */
const serviceCommands = (settings, variables, folders, logins) => {
    const chosen = settings.PAYMENT_URL === undefined ? [paymentSimulator, ...services] : services;
    return chosen.map((service) => {
        const { name, portVariable, main, nodeArgs = [], answersBuyers } = service;
        return {
            name,
            port: settings[portVariable],
            portVariable,
            args: [...nodeArgs, (0, node_path_1.join)(folders.dist, main)],
            niceness: answersBuyers ? 0 : settings.FOLLOWERS_NICE,
            environment: {
                ...sharedEnvironment(variables, settings),
                ...filesOf(service, folders.data),
                ...(logins && (0, logins_1.loginVariables)(logins, name, variables.REDIS_URL)),
                PORT: String(settings[portVariable]),
                SCHEMA_CACHE_FILE: (0, node_path_1.join)(folders.cache, `${name}.json`),
            },
        };
    });
};
exports.serviceCommands = serviceCommands;
//# sourceMappingURL=services.js.map