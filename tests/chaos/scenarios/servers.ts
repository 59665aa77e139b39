import { existsSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { kafkaApi, onNth } from '../../support/kafka-proxy';
import type { Scenario, Stage } from '../scenario';
import { during } from './during';

const brokerRestart: Scenario = {
  id: 'F7',
  title: 'the broker is restarted by SIGTERM and by kill -9',
  bound: 'accepted within 5 s and decided within 15 s after it is ready',
  isSmoke: true,
  coolDownMs: 18_000,
  mayExitWith: [70, 72],
  act: async (stage) => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const bounds = { sinceHeal: { accepting_ms: 5_000, deciding_ms: 15_000 } };
      await during(stage, `kafka ${signal}`, bounds, async () => {
        await stage.system.stack.kafka.kill(signal);
        await stage.system.stack.kafka.start();
      });
      await stage.wait(10_000);
    }
  },
};

const lostProduceReplies: Scenario = {
  id: 'F8',
  title: 'replies to Produce are swallowed, or their connection is reset, after delivery',
  bound: 'nothing accepted is lost; copies only, of the same bytes',
  isSmoke: true,
  coolDownMs: 12_000,
  act: async (stage) => {
    for (const role of ['command-api', 'saga'] as const) {
      const link = stage.system.links.kafka[role];
      for (const fault of ['swallow response', 'cut'] as const) {
        await during(stage, `${role}: Produce reply, ${fault}`, {}, async () => {
          link.failWith(onNth(kafkaApi.produce, stage.random.integer(1, 8), fault));
          await stage.wait(4_000);
          link.failWith(() => undefined);
        });
      }
    }
  },
};

const decideAfterRedis = { sinceHeal: { accepting_ms: 3_000, deciding_ms: 8_000 } };

const redisRestart: Scenario = {
  id: 'F10',
  title: 'Redis is restarted by SIGTERM and by kill -9, its file intact',
  bound: 'orders are accepted meanwhile; decided within 8 s after it is back',
  act: async (stage) => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await during(stage, `redis ${signal}`, decideAfterRedis, async () => {
        await stage.system.stack.redis.kill(signal);
        await stage.wait(1_500);
        await stage.system.stack.redis.start();
      });
      await stage.wait(8_000);
    }
  },
};

const largestFile = (folder: string): string | undefined =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => /\.aof$/.test(file) && statSync(file).isFile())
    .sort((one, other) => statSync(other).size - statSync(one).size)[0];

const redisLosesItsTail: Scenario = {
  id: 'F11',
  title: 'Redis is killed and its append-only file loses a random tail',
  bound: 'no oversell; decided within 8 s after it is back',
  isSmoke: true,
  redisArgs: ['--aof-load-truncated', 'yes'],
  act: async (stage) => {
    await during(stage, 'redis loses its tail', decideAfterRedis, async () => {
      await stage.system.stack.redis.kill('SIGKILL');
      const file = largestFile(stage.system.stack.dataOf('redis'));
      if (file !== undefined)
        truncateSync(file, Math.floor(statSync(file).size * (0.3 + stage.random.next() * 0.6)));
      await stage.system.stack.redis.start();
    });
  },
};

const flush = async (stage: Stage): Promise<void> => {
  const redis = new Redis(stage.system.direct.REDIS_URL);
  await redis.flushall();
  redis.disconnect();
};

const redisWiped: Scenario = {
  id: 'F12',
  title: 'Redis is emptied: FLUSHALL with a sleeping saga, then its data folder is deleted',
  bound: 'no oversell; every void outcome has a valid one; decided within 8 s',
  isSmoke: true,
  coolDownMs: 14_000,
  mayExitWith: [70, 72],
  act: async (stage) => {
    const zombie = stage.random.pick(stage.system.instances('saga'));
    await during(stage, 'FLUSHALL with a zombie', { sinceHeal: { deciding_ms: 13_000 } }, async () => {
      zombie.sleep();
      await stage.wait(500);
      await flush(stage);
      await stage.wait(12_000);
      zombie.wake();
    });
    await stage.wait(3_000);
    await during(stage, 'redis data deleted', decideAfterRedis, async () => {
      await stage.system.stack.redis.kill('SIGKILL');
      const folder = stage.system.stack.dataOf('redis');
      if (existsSync(folder)) rmSync(folder, { recursive: true });
      await stage.system.stack.redis.start();
    });
  },
};

const lostScriptReplies: Scenario = {
  id: 'F14',
  title: 'the connection to Redis is reset after a script has run, before its reply',
  bound: 'one reservation an order',
  isSmoke: true,
  act: async (stage) => {
    for (let round = 0; round < 5; round += 1) {
      await during(stage, `EVALSHA reply lost ${round + 1}`, {}, async () => {
        stage.system.links.sagaRedis.cutAtReply('evalsha', stage.random.integer(0, 10));
        await stage.wait(2_000);
        stage.system.links.sagaRedis.heal();
      });
    }
  },
};

const postgresRestart: Scenario = {
  id: 'F15',
  title: 'PostgreSQL is restarted fast and by kill -9; a connection is reset during COMMIT',
  bound: 'no process ends; orders are accepted and decided meanwhile; queries within 5 s after it is back',
  isSmoke: true,
  act: async (stage) => {
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const bounds = {
        sinceFault: { accepting_ms: 2_000, deciding_ms: 5_000 },
        sinceHeal: { answering_ms: 5_000 },
      };
      await during(stage, `postgres ${signal}`, bounds, async () => {
        await stage.system.stack.postgres.kill(signal);
        await stage.wait(1_500);
        await stage.system.stack.postgres.start();
      });
      await stage.wait(3_000);
    }
    for (let round = 0; round < 3; round += 1) {
      await during(stage, `COMMIT reply lost ${round + 1}`, {}, async () => {
        stage.system.links.projectorPostgres.cutAtReply('commit', stage.random.integer(0, 4));
        await stage.wait(2_000);
        stage.system.links.projectorPostgres.heal();
      });
    }
  },
};

const postgresLocked: Scenario = {
  id: 'F16',
  title: 'somebody holds a lock on the orders view for 12 s',
  bound: 'orders are accepted and decided meanwhile; nobody ends',
  act: async (stage) => {
    const client = new Client({ connectionString: stage.system.direct.DATABASE_URL });
    await client.connect();
    const bounds = {
      sinceFault: { accepting_ms: 2_000, deciding_ms: 5_000 },
      sinceHeal: { answering_ms: 5_000 },
    };
    await during(stage, 'views.orders locked', bounds, async () => {
      await client.query('begin');
      await client.query('lock table views.orders in access exclusive mode');
      await stage.wait(12_000);
      await client.query('rollback');
    });
    await client.end();
  },
};

const registryDown: Scenario = {
  id: 'F17',
  title: 'the registry is stopped; a saga and an API are restarted meanwhile; then it hangs',
  bound: 'no effect on orders; a restart is ready from the disk; no dead letter',
  act: async (stage) => {
    const bounds = { sinceFault: { accepting_ms: 2_000, deciding_ms: 5_000 } };
    await during(stage, 'registry stopped', bounds, async () => {
      await stage.system.stack.registry.kill('SIGKILL');
      await stage.wait(3_000);
      for (const name of ['saga-1', 'command-api-1', 'projector-1']) {
        await stage.system.instance(name).kill('SIGKILL');
        await stage.system.instance(name).ready();
      }
      await stage.system.stack.registry.start();
    });
    await during(stage, 'registry hangs', bounds, async () => {
      stage.system.stack.registry.sleep();
      await stage.wait(5_000);
      stage.system.stack.registry.wake();
    });
  },
};

const paymentTrouble: Scenario = {
  id: 'F18',
  title: 'the payment provider loses 30 % of its answers after charging, and is away for 20 s',
  bound: 'one net charge for each completed order, none for a refused one',
  environment: {
    PAYMENT_TIMEOUT_RATE: '0.3',
    PAYMENT_HANG: '3s',
    PAYMENT_TIMEOUT: '1s',
    PAYMENT_BUDGET: '4s',
  },
  ordersPerSecond: 60,
  settleMs: 120_000,
  act: async (stage) => {
    const bounds = { sinceHeal: { deciding_ms: 30_000 } };
    await during(stage, 'payment away', bounds, async () => {
      await stage.system.instance('payment-simulator-1').hold('SIGKILL');
      await stage.wait(20_000);
      stage.system.instance('payment-simulator-1').launch();
      await stage.system.instance('payment-simulator-1').ready();
    });
  },
};

export const serverScenarios: readonly Scenario[] = [
  brokerRestart,
  lostProduceReplies,
  redisRestart,
  redisLosesItsTail,
  redisWiped,
  lostScriptReplies,
  postgresRestart,
  postgresLocked,
  registryDown,
  paymentTrouble,
];
