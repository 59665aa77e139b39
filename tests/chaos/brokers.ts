import { loopback } from '../../stack/ports';

export interface BrokerPorts {
  readonly port: number;
  readonly controllerPort: number;
}

/** Settings of one of several brokers that are each other's controllers; a record is on at least two of three. */
export const brokerSettings = (
  brokers: readonly BrokerPorts[],
  index: number,
): Readonly<Record<string, string>> => {
  const own = brokers[index];
  if (!own) throw new Error(`there is no broker ${index}`);
  const copies = String(brokers.length);
  const leastCopies = String(brokers.length - 1);
  return {
    'node.id': String(index + 1),
    listeners: `MAIN://${loopback}:${own.port},CONTROLLER://${loopback}:${own.controllerPort}`,
    'controller.quorum.voters': brokers
      .map(({ controllerPort }, other) => `${other + 1}@${loopback}:${controllerPort}`)
      .join(','),
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': leastCopies,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': leastCopies,
  };
};
