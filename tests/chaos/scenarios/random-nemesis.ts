import { Redis } from 'ioredis';
import { kafkaApi, onNth } from '../../support/kafka-proxy';
import type { Scenario, Stage } from '../scenario';
import { during } from './during';

type Fault = (stage: Stage) => Promise<void>;

const killOne: Fault = async (stage) => {
  const process = stage.random.pick(stage.system.all().filter(({ name }) => !name.startsWith('payment')));
  await during(stage, `${process.name} killed`, {}, async () => {
    await process.kill('SIGKILL');
    await process.ready();
  });
};

const sleepOne: Fault = async (stage) => {
  const process = stage.random.pick(stage.system.all().filter(({ name }) => !name.startsWith('payment')));
  const ms = stage.random.pick([2_000, 5_000, 13_000]);
  await during(stage, `${process.name} sleeps ${ms} ms`, {}, async () => {
    process.sleep();
    await stage.wait(ms);
    process.wake();
  });
};

const restartServer: Fault = async (stage) => {
  const name = stage.random.pick(['kafka', 'redis', 'postgres', 'registry'] as const);
  const signal = name === 'postgres' ? 'SIGINT' : 'SIGKILL';
  await during(stage, `${name} ${signal}`, {}, async () => {
    await stage.system.stack[name].kill(signal);
    await stage.wait(stage.random.integer(0, 2_000));
    await stage.system.stack[name].start();
  });
};

const wipeRedis: Fault = async (stage) => {
  await during(stage, 'FLUSHALL', {}, async () => {
    const redis = new Redis(stage.system.direct.REDIS_URL);
    await redis.flushall();
    redis.disconnect();
  });
};

const loseReply: Fault = async (stage) => {
  const { links } = stage.system;
  const role = stage.random.pick(['command-api', 'saga', 'projector'] as const);
  const fault = stage.random.pick(['swallow response', 'cut'] as const);
  const api = stage.random.pick([kafkaApi.produce, kafkaApi.offsetCommit]);
  await during(stage, `${role}: reply of api ${api}, ${fault}`, {}, async () => {
    links.kafka[role].failWith(onNth(api, stage.random.integer(0, 5), fault));
    links.sagaRedis.cutAtReply('evalsha', stage.random.integer(0, 20));
    links.projectorPostgres.cutAtReply('commit', stage.random.integer(0, 10));
    await stage.wait(3_000);
    links.kafka[role].failWith(() => undefined);
    links.sagaRedis.heal();
    links.projectorPostgres.heal();
  });
};

const slowLink: Fault = async (stage) => {
  const { sagaRedis, projectorPostgres, payment, apiRedis } = stage.system.links;
  const link = stage.random.pick([sagaRedis, projectorPostgres, payment, apiRedis]);
  const behaviour = stage.random.pick([{ delayMs: 80 }, { resetChance: 0.02 }, { isSilent: true }]);
  await during(stage, `a link: ${JSON.stringify(behaviour)}`, {}, async () => {
    link.behave(behaviour);
    await stage.wait(4_000);
    link.heal();
    link.cut();
  });
};

const faults: readonly Fault[] = [killOne, killOne, sleepOne, restartServer, wipeRedis, loseReply, slowLink];

/** One fault after another, drawn from the seed, for as long as asked. */
export const randomNemesis = (minutes: number): Scenario => ({
  id: 'random',
  title: `faults drawn from the seed, one after another, for ${minutes} min`,
  bound: 'all invariants',
  coolDownMs: 15_000,
  settleMs: 120_000,
  mayExitWith: [70, 72],
  act: async (stage) => {
    const endsAtMs = performance.now() + minutes * 60_000;
    while (performance.now() < endsAtMs) {
      await stage.random.pick(faults)(stage);
      await stage.wait(stage.random.integer(1_000, 6_000));
    }
    await stage.system.ready();
  },
});
