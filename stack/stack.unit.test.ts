import fc from 'fast-check';
import { chooseStack, externalVariables } from './choose';
import { kafkaProperties } from './kafka-properties';
import { downloadedBytes, downloadingFile } from './maven';
import { startFromStat } from './process-identity';
import { formatTable, formatUptime } from './ps';
import { platformName } from './server-files';
import { serviceCommands } from './services';
import { readStackSettings } from './settings';
import { shellVariables } from './summary';
import { restartPauseMs } from './supervise';
import { javaMajor } from './tools';

const variables = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081/apis/ccompat/v7',
  REDIS_URL: 'redis://127.0.0.1:6379',
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/d',
};
const folders = { dist: '/checkout/dist', cache: '/checkout/.stack/cache', data: '/checkout/.stack/data' };

describe('where the servers come from', () => {
  const never = (): boolean => {
    throw new Error('asked the engine');
  };

  test.each(['local', 'docker', 'external'] as const)('is %s when STACK says so', (kind) => {
    expect(chooseStack(kind, never)).toBe(kind);
  });

  test.each([
    [true, 'docker'],
    [false, 'local'],
  ] as const)('is by whether an engine answers (%s) when STACK is unset or empty', (answers, kind) => {
    expect(chooseStack(undefined, () => answers)).toBe(kind);
    expect(chooseStack('', () => answers)).toBe(kind);
  });

  test('is an error for another word', () => {
    expect(() => chooseStack('podman', never)).toThrow('STACK=podman');
  });

  test('external names every variable that is missing', () => {
    expect(externalVariables(variables)).toEqual(variables);
    expect(() => externalVariables({ KAFKA_BROKERS: 'a:1', REDIS_URL: '' })).toThrow(
      'STACK=external needs SCHEMA_REGISTRY_URL, REDIS_URL, DATABASE_URL.',
    );
  });
});

describe('the broker', () => {
  const broker = { port: 9092, controllerPort: 9093, logs: '/data', extraListeners: [], settings: {} };

  test('listens on loopback only, makes no topic by itself and remembers offsets for a year', () => {
    const lines = kafkaProperties(broker).trimEnd().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'listeners=MAIN://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
        'auto.create.topics.enable=false',
        'offsets.retention.minutes=525600',
        'group.initial.rebalance.delay.ms=0',
      ]),
    );
  });

  test('tells the clients of a further listener its advertised port, and takes settings over its own', () => {
    const properties = kafkaProperties({
      ...broker,
      extraListeners: [{ name: 'PROXIED', port: 1, advertisedPort: 2 }],
      settings: { 'auto.create.topics.enable': 'true' },
    });
    expect(properties).toContain('advertised.listeners=MAIN://127.0.0.1:9092,PROXIED://127.0.0.1:2\n');
    expect(properties).toContain('PROXIED:PLAINTEXT');
    expect(properties).toContain('auto.create.topics.enable=true\n');
    expect(properties).not.toContain('auto.create.topics.enable=false');
  });
});

describe('the services', () => {
  test('get their ports, the servers, and the simulator as their payment provider', () => {
    const settings = readStackSettings({ SAGA_PORT: '7001' });
    const commands = serviceCommands(settings, variables, folders);
    expect(commands.map(({ name }) => name)).toEqual([
      'payment-simulator',
      'saga',
      'projector',
      'query-api',
      'command-api',
    ]);
    expect(commands[0]?.environment).toMatchObject({
      PAYMENT_JOURNAL_FILE: '/checkout/.stack/data/payment-journal.jsonl',
    });
    expect(commands[1]).toMatchObject({
      port: 7001,
      args: ['/checkout/dist/saga/main.js'],
      environment: {
        ...variables,
        PORT: '7001',
        HOST: '127.0.0.1',
        PAYMENT_URL: 'http://127.0.0.1:9103',
        ADMIN_TOKEN: 'flash-sale-local-admin',
        REFUSAL_DETAIL: 'true',
        STEP_BACK_UP_TO: '1m',
      },
    });
  });

  test('let the console see every process and act on dead letters, from the addresses of this machine', () => {
    const environmentOf = (environment: Record<string, string>) =>
      serviceCommands(readStackSettings(environment), variables, folders)[3]?.environment;
    expect(environmentOf({ QUERY_API_PORT: '7090', COMMAND_API_PORT: '7080' })).toMatchObject({
      COMMAND_API_URL: 'http://127.0.0.1:7080',
      SAGA_URL: 'http://127.0.0.1:9101',
      PROJECTOR_URL: 'http://127.0.0.1:9102',
      CONSOLE_ORIGIN: 'http://127.0.0.1:7090',
      CONSOLE_COMMAND_ORIGIN: 'http://127.0.0.1:7080',
    });
    expect(environmentOf({ CONSOLE_ORIGIN: 'http://localhost:8090' })).toMatchObject({
      CONSOLE_ORIGIN: 'http://localhost:8090',
    });
  });

  test('behind the log step back for those that answer buyers', () => {
    const niceness = (environment: Record<string, string>) =>
      serviceCommands(readStackSettings(environment), variables, folders).map((one) => one.niceness);
    expect(niceness({})).toEqual([10, 10, 10, 0, 0]);
    expect(niceness({ FOLLOWERS_NICE: '0' })).toEqual([0, 0, 0, 0, 0]);
    expect(niceness({ FOLLOWERS_NICE: 'idle' })[0]).toBe('idle');
    expect(() => readStackSettings({ FOLLOWERS_NICE: '20' })).toThrow(/FOLLOWERS_NICE/);
  });

  test('come as themselves where Kafka and Redis tell them apart, and know no password but their own', () => {
    const logins = { kafkaPort: 9095, passwords: { broker: 'b', saga: 's', projector: 'p' } };
    const commands = serviceCommands(readStackSettings({}), variables, folders, logins);
    const environmentOf = (name: string) => commands.find((one) => one.name === name)?.environment;
    expect(environmentOf('saga')).toMatchObject({
      KAFKA_BROKERS: '127.0.0.1:9095',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'saga',
      KAFKA_SASL_PASSWORD: 's',
      REDIS_URL: 'redis://saga:s@127.0.0.1:6379',
    });
    expect(environmentOf('payment-simulator')).toMatchObject({ KAFKA_BROKERS: '127.0.0.1:9092' });
    expect(JSON.stringify(environmentOf('projector'))).not.toContain('redis://saga');
  });

  test('use the payment provider that is given, and then no simulator runs', () => {
    const settings = readStackSettings({ PAYMENT_URL: 'https://pay.example' });
    const commands = serviceCommands(settings, variables, folders);
    expect(commands.map(({ name }) => name)).not.toContain('payment-simulator');
    expect(commands[0]?.environment['PAYMENT_URL']).toBe('https://pay.example');
  });

  test('every wrong setting is told at once', () => {
    expect(() => readStackSettings({ KAFKA_PORT: 'x', STACK: 'podman' })).toThrow(/STACK[^]*KAFKA_PORT/);
  });
});

test('a service that keeps ending waits longer each time, up to ten seconds', () => {
  expect([0, 1, 2, 3, 4, 5, 100].map(restartPauseMs)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('what Maven prints tells what was downloaded', () => {
  const done = 'Downloaded from central: https://x/org/a/1/a-1.jar (2.3 MB at 70 MB/s)';
  expect(downloadedBytes(`[INFO] ${done}`)).toBe(2.3e6);
  expect(downloadedBytes('[INFO] BUILD SUCCESS')).toBeUndefined();
  expect(downloadingFile('[INFO] Downloading from central: https://x/org/a/1/a-1.jar')).toBe('a-1.jar');
});

test('the start of a process is read past a name with spaces and brackets; a zombie has ended', () => {
  const rest = `1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 98765 0`;
  expect(startFromStat(`42 (a (b) c) S ${rest}`)).toBe('98765');
  expect(startFromStat(`42 (a) Z ${rest}`)).toBeUndefined();
});

test('uptimes have two units at most', () => {
  const minute = 60_000;
  expect([4200, 3 * minute, 125 * minute, 76 * 60 * minute].map(formatUptime)).toEqual([
    '4 s',
    '3 min',
    '2 h 5 min',
    '3 d 4 h',
  ]);
});

test('the process table lines up', () => {
  const row = { name: 'saga', pid: '12', port: '9101', state: 'ready', uptime: '4 s', restarts: '0' };
  expect(formatTable([row])).toBe(
    'NAME  PID  PORT  STATE  UPTIME  RESTARTS\nsaga  12   9101  ready  4 s     0',
  );
});

test('the variables file says to a shell what was meant, whatever the token holds', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (token) => {
      const text = shellVariables({ ...readStackSettings({}), ADMIN_TOKEN: token }, variables);
      const quoted = /ADMIN_TOKEN='([^]*)'\n$/.exec(text)?.[1];
      expect(quoted?.replaceAll("'\\''", "'")).toBe(token);
      expect(quoted?.replaceAll("'\\''", '')).not.toContain("'");
    }),
  );
});

test('versions of Java before and after 9 are read', () => {
  expect(['1.8.0_392', '17.0.15', '21'].map(javaMajor)).toEqual([8, 17, 21]);
});

test('machines without servers are told what to do instead', () => {
  expect(platformName('darwin', 'arm64')).toBe('darwin-arm64');
  expect(() => platformName('win32', 'x64')).toThrow('STACK=docker');
});
