import RequestQueue from 'kafkajs/src/network/requestQueue';
import { kafkaConnection, kafkaConnectionOf, kafkajsLogger } from './connection';
import { applyIdleTimerPatch, requireKafkajsVersion } from './idle-timer-patch';

describe('the connection', () => {
  it('refuses addresses that are not host:port', () => {
    expect(() => kafkaConnection({ brokers: [], clientId: 'c' })).toThrow(/host:port/);
    expect(() => kafkaConnection({ brokers: ['a:1', 'b'], clientId: 'c' })).toThrow(/"b"/);
  });

  it('follows from the settings of a service', () => {
    const settings = {
      KAFKA_BROKERS: 'a:1,b:2',
      KAFKA_SSL: true,
      KAFKA_SSL_CA: 'pem',
      KAFKA_SASL_MECHANISM: 'scram-sha-256',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
    } as const;
    expect(kafkaConnectionOf(settings, 'saga')).toMatchObject({
      brokers: ['a:1', 'b:2'],
      clientId: 'saga',
      ssl: { ca: 'pem' },
      sasl: { mechanism: 'scram-sha-256', username: 'u', password: 'p' },
    });
    const plain = kafkaConnectionOf({ KAFKA_BROKERS: 'a:1', KAFKA_SSL: false }, 'saga');
    expect([plain.ssl, plain.sasl]).toEqual([undefined, undefined]);
  });

  it("passes kafkajs' errors on as warnings while its link is wanted", () => {
    const lines: string[] = [];
    const keep = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
    const logger = { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
    let isWanted = true;
    const theirs = kafkajsLogger(logger, () => isWanted) as {
      namespace: (name: string) => Record<string, (message: string) => void>;
    };
    const connection = theirs.namespace('Connection');
    connection['error']?.('refused');
    connection['warn']?.('odd');
    connection['debug']?.('chatter');
    isWanted = false;
    connection['error']?.('after the end');
    expect(lines).toEqual(['warn kafkajs Connection: refused', 'debug kafkajs Connection: odd']);
  });
});

describe('the idle timer patch', () => {
  const queueWith = (pending: readonly unknown[], throttledUntil: number) => ({
    pending,
    throttledUntil,
    throttleCheckTimeoutId: null as NodeJS.Timeout | null,
    checkPendingRequests: () => undefined,
  });

  const isTimerSet = (queue: ReturnType<typeof queueWith>): boolean => {
    RequestQueue.prototype.scheduleCheckPendingRequests.call(queue as unknown as RequestQueue);
    const timer = queue.throttleCheckTimeoutId;
    if (timer !== null) clearTimeout(timer);
    return timer !== null;
  };

  it('refuses another version of kafkajs', () => {
    expect(() => requireKafkajsVersion('2.2.5')).toThrow(/2\.2\.5.*2\.2\.4/);
  });

  it('sets the timer only while requests wait or the broker throttles', () => {
    applyIdleTimerPatch();
    applyIdleTimerPatch();
    expect(isTimerSet(queueWith([], -1))).toBe(false);
    expect(isTimerSet(queueWith(['request'], -1))).toBe(true);
    expect(isTimerSet(queueWith([], Date.now() + 60_000))).toBe(true);
  });
});
