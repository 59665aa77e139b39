import { Kafka, logLevel } from 'kafkajs';
import type { NewRecord } from '../../../chassis/kafka/log';
import { topics } from '../../../schemas/topics';
import type { Scenario, Stage } from '../scenario';
import { during, goesOn } from './during';
import { framed, inject, produce, requestsSoFar } from './foreign-orders';

/** Keys name what is wrong; each must end as a dead letter and, having a key, as a refused order. */
const poisons = (round: number): readonly NewRecord[] => {
  const topic = topics.orderRequests.name;
  const value = (name: string, bytes: Buffer | null): NewRecord => ({
    topic,
    key: `poison-${round}-${name}`,
    value: bytes,
    headers: { 'x-foreign': 'yes' },
  });
  return [
    value('null', null),
    value('json', Buffer.from('{"request_id":"x"}')),
    value('magic', Buffer.from([7, 0, 0, 0, 1, 2])),
    value('short', framed(1, Buffer.alloc(0))),
    value('unknown-id', framed(987_654, Buffer.from([1, 2, 3]))),
    value('noise', framed(1, Buffer.alloc(300, 0xfe))),
    value('large', framed(1, Buffer.alloc(900_000, 1))),
    { topic, key: null, value: Buffer.from('nobody'), partition: round % 8 },
  ];
};

const poison: Scenario = {
  id: 'F23',
  title: 'poison among the orders: no value, no framing, unknown schema, noise, 900 kB, no key',
  bound: 'each in the dead-letter topic once, its order refused, its neighbours untouched, nobody ends',
  isSmoke: true,
  act: async (stage) => {
    for (let round = 0; round < 3; round += 1) {
      await during(stage, `poison ${round + 1}`, { sinceFault: { deciding_ms: 5_000 } }, () =>
        inject(stage, poisons(round)),
      );
      await stage.wait(2_000);
    }
  },
};

const rebalanceStorm: Scenario = {
  id: 'F26',
  title: 'a saga and a projector leave and join again for 60 s, a second after both are gone',
  bound: 'no order waits for more than 15 s meanwhile; decided within 15 s after the last',
  coolDownMs: 16_000,
  act: async (stage) => {
    const bounds = { sinceFault: { deciding_gap_ms: 15_000 }, sinceHeal: { deciding_ms: 15_000 } };
    await during(stage, 'rebalance storm', bounds, async () => {
      const endsAtMs = performance.now() + 60_000;
      while (performance.now() < endsAtMs) {
        const names = [
          stage.random.pick(['saga-1', 'saga-2']),
          stage.random.pick(['projector-1', 'projector-2']),
        ];
        await Promise.all(names.map((name) => stage.system.instance(name).kill('SIGTERM')));
        await stage.wait(1_000);
      }
      await stage.system.ready();
    });
  },
};

const backlog: Scenario = {
  id: 'F27',
  title: 'both sagas are away for 60 s and come back to a backlog',
  bound: 'orders are accepted meanwhile; all caught up within 20 s',
  coolDownMs: 20_000,
  act: async (stage) => {
    const sagas = stage.system.instances('saga');
    const bounds = { sinceFault: goesOn({ accepting: 1_000 }), sinceHeal: { caught_up_ms: 20_000 } };
    await during(stage, 'no saga', bounds, async () => {
      await Promise.all(sagas.map((saga) => saga.hold('SIGKILL')));
      await stage.wait(60_000);
      for (const saga of sagas) saga.launch();
      await Promise.all(sagas.map((saga) => saga.ready()));
    });
  },
};

/** Old orders once more, as they are in the log: a producer that tries again much too late. */
const replayOld = async (stage: Stage, count: number): Promise<void> => {
  const requests = await requestsSoFar(stage);
  const again = Array.from({ length: count }, () => stage.random.pick(requests));
  await produce(
    stage,
    again.map(({ topic, key, value, headers }) => ({ topic, key, value, headers })),
  );
};

const backToTheBeginning = async (stage: Stage): Promise<void> => {
  const sagas = stage.system.instances('saga');
  await Promise.all(sagas.map((saga) => saga.hold('SIGTERM')));
  const brokers = [stage.system.direct.KAFKA_BROKERS];
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.resetOffsets({ groupId: 'saga', topic: topics.orderRequests.name, earliest: true });
  await admin.disconnect();
  for (const saga of sagas) saga.launch();
  await Promise.all(sagas.map((saga) => saga.ready()));
};

const redelivery: Scenario = {
  id: 'F24',
  title: 'old orders are in the log again, within and beyond what Redis remembers; the group begins anew',
  bound: 'no order is decided twice; all caught up within 20 s of the new beginning',
  recordTtlMs: 20_000,
  ordersPerSecond: 60,
  act: async (stage) => {
    for (const afterMs of [1_000, 24_000]) {
      await stage.wait(afterMs);
      await during(stage, `old orders again after ${afterMs} ms`, {}, async () => {
        // What was sold out can be had again: who forgets a refusal sells.
        await stage.shop.addToAll(20);
        await replayOld(stage, 150);
        await stage.wait(3_000);
      });
    }
    const bounds = { sinceHeal: { caught_up_ms: 20_000 } };
    await during(stage, 'offsets reset to 0', bounds, () => backToTheBeginning(stage));
  },
};

export const logScenarios: readonly Scenario[] = [poison, rebalanceStorm, backlog, redelivery];
