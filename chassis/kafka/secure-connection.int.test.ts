import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startKafka } from '../../stack/kafka';
import { freePort } from '../../stack/ports';
import { projectRoot } from '../../stack/project-root';
import { eventually } from '../../tests/support/eventually';
import { privateServers } from '../../tests/support/private-servers';
import { createLogAdmin } from './admin';
import { kafkaConnection, type KafkaConnectionConfig } from './connection';
import { createGroupConsumer } from './consumer';
import { InfrastructureError } from './log';
import { createLogProducer } from './producer';
import { createLogReader } from './reader';

const run = promisify(execFile);
const password = 'password-of-the-test';
const username = 'user-of-the-test';
const jaas = 'org.apache.kafka.common.security';

/** A key store for `localhost`, made by the Java that runs the broker, and its certificate as PEM. */
const makeKeyStore = async (folder: string): Promise<{ keyStore: string; certificate: string }> => {
  const keyStore = join(folder, 'broker.p12');
  const store = ['-keystore', keyStore, '-storetype', 'PKCS12', '-storepass', password, '-alias', 'broker'];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1'];
  await run('keytool', ['-genkeypair', '-keyalg', 'RSA', '-validity', '2', ...names, ...store]);
  const file = join(folder, 'broker.pem');
  await run('keytool', ['-exportcert', '-rfc', '-file', file, ...store]);
  return { keyStore, certificate: readFileSync(file, 'utf8') };
};

describe('a broker that wants TLS and SASL', () => {
  const own = privateServers();
  const folder = mkdtempSync(join(tmpdir(), 'kafka-tls-'));
  let secure: KafkaConnectionConfig;
  let certificate = '';

  beforeAll(async () => {
    const made = await makeKeyStore(folder);
    const { keyStore } = made;
    certificate = made.certificate;
    const port = await freePort();
    await own.keep(
      startKafka({
        ...own.place('kafka'),
        extraListeners: [{ name: 'SECURE', port, advertisedPort: port }],
        settings: {
          'listener.security.protocol.map': 'MAIN:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT',
          'sasl.enabled.mechanisms': 'PLAIN',
          'listener.name.secure.plain.sasl.jaas.config': `${jaas}.plain.PlainLoginModule required user_${username}="${password}";`,
          'ssl.keystore.type': 'PKCS12',
          'ssl.keystore.location': keyStore,
          'ssl.keystore.password': password,
        },
      }),
    );
    secure = {
      brokers: [`127.0.0.1:${port}`],
      clientId: 'secure-test',
      ssl: { ca: certificate },
      sasl: { mechanism: 'plain', username, password },
    };
  }, 120_000);

  afterAll(async () => {
    await own.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is spoken to by every adapter with the right certificate and password', async () => {
    const connection = kafkaConnection(secure);
    const admin = createLogAdmin(connection);
    await admin.createTopics([{ name: 'secured', partitions: 1, config: {} }], 1);
    const producer = await createLogProducer(connection);
    const outcome = await producer.send({ topic: 'secured', key: 'k', value: Buffer.from('v') });
    expect(outcome).toMatchObject({ kind: 'acked', offset: 0 });
    const read: string[] = [];
    await createLogReader(connection).read({
      topic: 'secured',
      onRecords: (records) => void read.push(...records.map((record) => String(record.value))),
    });
    expect(read).toEqual(['v']);
    const seen: string[] = [];
    const fatal: Error[] = [];
    const consumer = createGroupConsumer(connection, {
      groupId: 'secured',
      topics: ['secured'],
      onFatal: (_code, reason) => void fatal.push(reason),
      onRecords: async (records) => seen.push(...records.map((record) => String(record.value))),
    });
    await consumer.start();
    await eventually(() => expect(seen).toEqual(['v']));
    await consumer.stop();
    expect(fatal).toEqual([]);
    await producer.stop(1_000);
    await admin.stop();
  });

  it('lets in the reader of reconcile, which is Python, by the same settings', async () => {
    const { brokers, sasl } = secure;
    const program = `import os, kafka_access, wire_kafka
wire_kafka.Cluster(os.environ['KAFKA_BROKERS'], kafka_access.access_of(os.environ))
print('in')`;
    const read = (password: string): Promise<{ readonly stdout: string }> =>
      run('python3', ['-c', program], {
        cwd: join(projectRoot(), 'reconcile', 'reading'),
        env: {
          ...process.env,
          PYTHONDONTWRITEBYTECODE: '1',
          KAFKA_BROKERS: brokers.join(),
          KAFKA_SSL: 'true',
          KAFKA_SSL_CA: certificate,
          KAFKA_SASL_MECHANISM: sasl?.mechanism,
          KAFKA_SASL_USERNAME: username,
          KAFKA_SASL_PASSWORD: password,
        },
      });
    expect((await read(password)).stdout).toBe('in\n');
    await expect(read('wrong')).rejects.toThrow(/does not let us in/);
  });

  it.each([
    ['a wrong password', { sasl: { mechanism: 'plain', username, password: 'wrong' } }, /authentication/i],
    ['a certificate of nobody known', { ssl: {} }, /certificate/i],
    ['plain text', { ssl: undefined, sasl: undefined }, /./],
  ] as const)('refuses %s, which is an infrastructure error that says so', async (_what, wrong, message) => {
    const admin = createLogAdmin(kafkaConnection({ ...secure, ...wrong, requestTimeoutMs: 2_000 }));
    const refused = await admin.ranges('secured').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InfrastructureError);
    expect((refused as Error).message).toMatch(message);
    await admin.stop();
  });
});
