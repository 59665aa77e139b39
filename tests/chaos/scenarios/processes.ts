import { roles } from '../chaos-system';
import type { ManagedProcess } from '../managed-process';
import type { Scenario, Stage } from '../scenario';
import { dieAtStep, sleepAtStep } from './breaking';
import { during } from './during';

const killApi: Scenario = {
  id: 'F1',
  title: 'kill -9 of the command API: one of two, both, between claim and append, after the append',
  bound: 'the other one serves at once; accepted again within 5 s when both are killed',
  isSmoke: true,
  failpoints: ['command-api'],
  act: async (stage) => {
    const [one, other] = stage.system.instances('command-api');
    await during(stage, 'one command-api killed', { sinceFault: { accepting_ms: 1_000 } }, async () => {
      await one?.kill('SIGKILL');
      await one?.ready();
    });
    // One is armed at a time. With both, the other often came to its own fifth command before it was disarmed, and died too.
    for (const [at, step] of ['claimed', 'appended'].entries()) {
      const armed = stage.system.instances('command-api').slice(at, at + 1);
      await dieAtStep(stage, armed, `${step}@5`, { sinceFault: { accepting_ms: 1_000 } });
    }
    await during(stage, 'both command-apis killed', { sinceFault: { accepting_ms: 5_000 } }, async () => {
      await Promise.all([one?.kill('SIGKILL'), other?.kill('SIGKILL')]);
      await Promise.all([one?.ready(), other?.ready()]);
    });
  },
};

const sagaSteps = [
  'after-decide',
  'after-charge',
  'after-settle',
  'after-produce',
  'after-fence',
  'after-emitted',
];

const killSaga: Scenario = {
  id: 'F2',
  title: `kill -9 of a saga at each step: ${sagaSteps.join(', ')}`,
  bound: 'decided again within 12 s of each death; one charge an order',
  failpoints: ['saga'],
  act: async (stage) => {
    for (const step of sagaSteps) {
      const failpoint = `${step}@${stage.random.integer(2, 6)}`;
      await dieAtStep(stage, stage.system.instances('saga'), failpoint, {
        sinceFault: { deciding_ms: 12_000 },
      });
      // Until both share the partitions again: the next death shall be the only trouble in its window.
      await stage.wait(6_000);
    }
  },
};

const killSagaSmoke: Scenario = {
  id: 'F2s',
  title: 'kill -9 of a saga twice, and of both at once',
  bound: 'decided again within 12 s of the kill of one, 15 s of the kill of both',
  isSmoke: true,
  act: async (stage) => {
    const [one, other] = stage.system.instances('saga');
    await during(stage, 'saga-1 killed', { sinceFault: { deciding_ms: 12_000 } }, async () => {
      await one?.kill('SIGKILL');
      await one?.ready();
    });
    await stage.wait(3_000);
    await during(stage, 'both sagas killed', { sinceFault: { deciding_ms: 15_000 } }, async () => {
      await Promise.all([one?.kill('SIGKILL'), other?.kill('SIGKILL')]);
      await Promise.all([one?.ready(), other?.ready()]);
    });
  },
};

const killProjector: Scenario = {
  id: 'F3',
  title: 'kill -9 of a projector: before the commit, after the commit, both at once',
  bound: 'no record is folded twice or skipped; queries are answered',
  isSmoke: true,
  failpoints: ['projector'],
  act: async (stage) => {
    const [one, other] = stage.system.instances('projector');
    for (const step of ['before-commit', 'after-commit'])
      await dieAtStep(stage, stage.system.instances('projector'), `${step}@4`);
    await during(stage, 'both projectors killed', { sinceHeal: { answering_ms: 5_000 } }, async () => {
      await Promise.all([one?.kill('SIGKILL'), other?.kill('SIGKILL')]);
      await Promise.all([one?.ready(), other?.ready()]);
    });
  },
};

const rollingRestart: Scenario = {
  id: 'F4',
  title: 'SIGTERM of every instance, one after another, ten rounds',
  bound: 'exit within 8 s with code 0; decided again within 3 s; no order is turned away',
  act: async (stage) => {
    const serving = roles.filter((role) => role !== 'payment-simulator');
    const bounds = { sinceFault: { accepting_gap_ms: 3_000, refusing_gap_ms: 0, deciding_ms: 3_000 } };
    for (let round = 1; round <= 10; round += 1)
      for (const process of serving.flatMap((role) => stage.system.instances(role)))
        await during(stage, `${process.name} SIGTERM`, bounds, async () => {
          await process.retire(8_000);
          await process.ready();
        });
  },
};

const sleepOf =
  (ms: number) =>
  async (stage: Stage, process: ManagedProcess): Promise<void> => {
    process.sleep();
    await stage.wait(ms);
    process.wake();
  };

const zombieSaga = {
  bound: 'the others decide for it within 12 s; it does no harm when it wakes',
  coolDownMs: 12_000,
  // What wakes after its session has ended may not be trusted to go on: it ends itself.
  mayExitWith: [70, 72],
};

const sleepASaga = async (stage: Stage, ms: number): Promise<void> => {
  const saga = stage.random.pick(stage.system.instances('saga'));
  const name = `${saga.name} sleeps ${ms / 1_000} s`;
  await during(stage, name, { sinceFault: { deciding_ms: 13_000 } }, () => sleepOf(ms)(stage, saga));
};

const sleepingSaga: Scenario = {
  ...zombieSaga,
  id: 'F5',
  title: 'a saga sleeps 15 s (SIGSTOP) and wakes as a zombie',
  isSmoke: true,
  act: (stage) => sleepASaga(stage, 15_000),
};

const sleepingSagas: Scenario = {
  ...zombieSaga,
  id: 'F5l',
  title: 'a saga sleeps 5 s, within its session, and then one sleeps 60 s and wakes as a zombie',
  act: async (stage) => {
    await sleepASaga(stage, 5_000);
    await stage.wait(5_000);
    await sleepASaga(stage, 60_000);
  },
};

/** @param step where its batch stands still: inside its transaction, unless a planted bug has other steps. */
export const sleepingProjector = (step = 'before-commit'): Scenario => ({
  id: 'F5p',
  title: `a projector sleeps 13 s at a batch (${step}) and wakes as a zombie`,
  bound: 'queries are answered all the time; no record is folded twice or skipped',
  failpoints: ['projector'],
  coolDownMs: 12_000,
  mayExitWith: [70, 72],
  act: (stage) =>
    sleepAtStep(stage, stage.system.instances('projector'), `${step}@3`, {
      bounds: { sinceFault: { answering_ms: 2_000 }, sinceHeal: { answering_ms: 2_000 } },
      meanwhile: () => stage.wait(13_000),
    }),
});

const sleepers: Scenario = {
  id: 'F6',
  title: 'each server and service sleeps 15 s in turn',
  bound:
    'whoever presses while a server sleeps has an answer within 3 s; accepted within 5 s after waking; nobody crashes in a loop',
  mayExitWith: [70, 72],
  coolDownMs: 12_000,
  act: async (stage) => {
    const bounds = { sinceFault: { replying_gap_ms: 3_000 }, sinceHeal: { accepting_ms: 5_000 } };
    for (const name of ['redis', 'postgres', 'kafka'] as const) {
      await during(stage, `${name} sleeps 15 s`, bounds, async () => {
        stage.system.stack[name].sleep();
        await stage.wait(15_000);
        stage.system.stack[name].wake();
      });
      await stage.wait(5_000);
    }
    for (const name of ['projector-1', 'command-api-1']) {
      const process = stage.system.instance(name);
      await during(stage, `${name} sleeps 15 s`, { sinceHeal: { accepting_ms: 5_000 } }, () =>
        sleepOf(15_000)(stage, process),
      );
    }
  },
};

export const processScenarios: readonly Scenario[] = [
  killApi,
  killSaga,
  killSagaSmoke,
  killProjector,
  rollingRestart,
  sleepingSaga,
  sleepingSagas,
  sleepingProjector(),
  sleepers,
];
