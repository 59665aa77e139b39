import { join } from 'node:path';
import { formatDurationMs, type Environment } from '../chassis/config';
import { addressesOf, onLoopback } from './addresses';
import type { StackVariables } from './infrastructure';
import { loginVariables, type Logins } from './logins';
import { loopback } from './ports';
import type { Niceness, StackSettings } from './settings';

/** The ports that a process of ours listens on, by the variable that moves it. */
export type ServicePortVariable =
  'COMMAND_API_PORT' | 'QUERY_API_PORT' | 'SAGA_PORT' | 'PROJECTOR_PORT' | 'PAYMENT_SIMULATOR_PORT';

export interface ServiceCommand {
  readonly name: string;
  readonly port: number;
  readonly portVariable: ServicePortVariable;
  /** Of Node. */
  readonly args: readonly string[];
  readonly environment: Environment;
  /** How far it steps back where cores are scarce. */
  readonly niceness: Niceness;
}

interface Service {
  readonly name: string;
  readonly portVariable: ServicePortVariable;
  /** Under dist/. */
  readonly main: string;
  /** What it keeps over a restart of the stack, by the variable that names the file; under the data. */
  readonly keeps?: Readonly<Record<string, string>>;
  /** Of Node, before the main file. */
  readonly nodeArgs?: readonly string[];
  /** Somebody waits for it; everything else follows the log, which holds a burst until there is time for it. */
  readonly answersBuyers?: true;
}

/**
 * Four times the young space that V8 takes: at 128 connections its collections were a seventh of the process's time. And
 * Node's own code in large pages, where the system has them: an order costs the command API 5 % less.
 */
export const acceptingArgs = ['--max-semi-space-size=64', '--use-largepages=silent'];

const paymentSimulator: Service = {
  name: 'payment-simulator',
  portVariable: 'PAYMENT_SIMULATOR_PORT',
  main: 'saga/payment-simulator/main.js',
  // Without it every charge of an earlier start would be missing: `reconcile` compares the journal with the whole log.
  keeps: { PAYMENT_JOURNAL_FILE: 'payment-journal.jsonl' },
};

/** In the order of starting; stopping goes the other way, so that buyers are turned away first. */
const services: readonly Service[] = [
  { name: 'saga', portVariable: 'SAGA_PORT', main: 'saga/main.js' },
  { name: 'projector', portVariable: 'PROJECTOR_PORT', main: 'projector/main.js' },
  { name: 'query-api', portVariable: 'QUERY_API_PORT', main: 'query-api/main.js', answersBuyers: true },
  {
    name: 'command-api',
    portVariable: 'COMMAND_API_PORT',
    main: 'command-api/main.js',
    nodeArgs: acceptingArgs,
    answersBuyers: true,
  },
];

/** One-shot steps that have to succeed before any service starts; each may run again at any time. */
export const deploySteps = [
  { name: 'migrations', main: 'migrations/main.js', args: ['up'], does: 'the tables' },
  { name: 'schemas', main: 'schemas/main.js', args: [], does: 'the topics and schemas' },
] as const;

/** The console shows every process, and acts on dead letters: everything here is on loopback, and the token is typed. */
const consoleEnvironment = (settings: StackSettings): Environment => {
  const { QUERY_API_URL: queryApi, COMMAND_API_URL, SAGA_URL, PROJECTOR_URL } = addressesOf(settings);
  return {
    COMMAND_API_URL,
    SAGA_URL,
    PROJECTOR_URL,
    CONSOLE_ORIGIN: settings.CONSOLE_ORIGIN ?? queryApi,
    CONSOLE_COMMAND_ORIGIN: settings.CONSOLE_COMMAND_ORIGIN ?? COMMAND_API_URL,
  };
};

/** What every service gets on top of the environment of `up`. */
const sharedEnvironment = (variables: StackVariables, settings: StackSettings): Environment => ({
  ...variables,
  ...consoleEnvironment(settings),
  HOST: loopback,
  ADMIN_TOKEN: settings.ADMIN_TOKEN,
  REFUSAL_DETAIL: String(settings.REFUSAL_DETAIL),
  STEP_BACK_UP_TO: formatDurationMs(settings.STEP_BACK_UP_TO),
  PAYMENT_URL: settings.PAYMENT_URL ?? onLoopback(settings.PAYMENT_SIMULATOR_PORT),
});

const filesOf = ({ keeps = {} }: Service, data: string): Environment =>
  Object.fromEntries(Object.entries(keeps).map(([variable, file]) => [variable, join(data, file)]));

/** The processes to run, in order. Without a payment provider of your own the simulator is among them. */
export const serviceCommands = (
  settings: StackSettings,
  variables: StackVariables,
  folders: { readonly dist: string; readonly cache: string; readonly data: string },
  logins?: Logins,
): readonly ServiceCommand[] => {
  const chosen = settings.PAYMENT_URL === undefined ? [paymentSimulator, ...services] : services;
  return chosen.map((service) => {
    const { name, portVariable, main, nodeArgs = [], answersBuyers } = service;
    return {
      name,
      port: settings[portVariable],
      portVariable,
      args: [...nodeArgs, join(folders.dist, main)],
      niceness: answersBuyers ? 0 : settings.FOLLOWERS_NICE,
      environment: {
        ...sharedEnvironment(variables, settings),
        ...filesOf(service, folders.data),
        ...(logins && loginVariables(logins, name, variables.REDIS_URL)),
        PORT: String(settings[portVariable]),
        SCHEMA_CACHE_FILE: join(folders.cache, `${name}.json`),
      },
    };
  });
};
