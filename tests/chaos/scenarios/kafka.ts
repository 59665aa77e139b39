import { kafkaApi, onNth } from '../../support/kafka-proxy';
import type { Scenario } from '../scenario';
import { inRounds, restartServer } from './breaking';

const brokerRestart: Scenario = {
  id: 'F7',
  title: 'the broker is restarted by SIGTERM and by kill -9',
  bound: 'accepted within 5 s and decided within 15 s after it is ready',
  isSmoke: true,
  coolDownMs: 18_000,
  mayExitWith: [70, 72],
  act: (stage) =>
    restartServer(stage, 'kafka', {
      signals: ['SIGTERM', 'SIGKILL'],
      bounds: { sinceHeal: { accepting_ms: 5_000, deciding_ms: 15_000 } },
      awayMs: 0,
      betweenMs: 10_000,
    }),
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
        await inRounds(stage, {
          count: 1,
          name: `${role}: Produce reply, ${fault}`,
          lastMs: 3_000,
          begin: () => link.failWith(onNth(kafkaApi.produce, stage.random.integer(1, 8), fault)),
          end: () => link.failWith(() => undefined),
        });
      }
    }
  },
};

export const kafkaScenarios: readonly Scenario[] = [brokerRestart, lostProduceReplies];
