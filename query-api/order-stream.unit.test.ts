import type { ServerResponse } from 'node:http';
import { silentLog } from '../chassis/log';
import { ClientInterest } from './interest';
import { streamOrder } from './order-stream';
import { nothingSeen, timelineOf, type TimelineEntry } from './order-timeline';
import type { OrderRow } from '../migrations/tables';
import { Places } from './places';
import { shareTimelines } from './shared-timelines';
import { WaitingRoom } from './waiting-room';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const asked = timelineOf(
  { request_id: 'a', request_partition: 0, request_offset: 4, outcome_offset: null } as OrderRow,
  [],
);

const open = (finds: {
  readonly isThere: () => Promise<boolean>;
  readonly events: readonly TimelineEntry[];
}) => {
  const written: string[] = [];
  const response = { writableLength: 0, writeHead: () => undefined, end: () => undefined };
  const client = new ClientInterest();
  const room = new WaitingRoom(new Places(1));
  const over = streamOrder(
    Object.assign(response, { write: (text: string) => written.push(text) }) as unknown as ServerResponse,
    { isThere: finds.isThere, findTimeline: async () => finds.events, room, log: silentLog },
    { key: 'a', seen: nothingSeen, correlationId: 'c', interest: client },
  );
  return { written, response, over, room, leave: () => client.lose() };
};

describe('a stream of events', () => {
  it('looks for an order that is long in coming less and less often', async () => {
    let looks = 0;
    const isThere = async (): Promise<boolean> => {
      looks += 1;
      return false;
    };
    const stream = open({ isThere, events: [] });
    await jest.advanceTimersByTimeAsync(10_000);
    // At 0, 250, 750, 1,750 ms, then every 2 s; every 250 ms it would be 41.
    expect(looks).toBe(8);
    stream.leave();
    await stream.over;
  });

  it('says every 15 s that it is alive', async () => {
    const stream = open({ isThere: async () => true, events: asked });
    await jest.advanceTimersByTimeAsync(46_000);
    expect(stream.written.filter((text) => text === ': heartbeat\n\n')).toHaveLength(3);
    expect(stream.written.filter((text) => text.includes('OrderRequested'))).toHaveLength(1);
    stream.leave();
    await stream.over;
  });

  it('is ended when its reader reads nothing', async () => {
    const stream = open({ isThere: async () => true, events: asked });
    stream.response.writableLength = 65 * 1024;
    await jest.advanceTimersByTimeAsync(15_000);
    await stream.over;
    expect(stream.written).not.toContain(': heartbeat\n\n');
  });
});

it('a stream ends when the room is closed, and one that begins after that sends what there is', async () => {
  const stream = open({ isThere: async () => true, events: asked });
  await jest.advanceTimersByTimeAsync(1);
  stream.room.close();
  await stream.over;
  expect(stream.written.filter((text) => text.includes('OrderRequested'))).toHaveLength(1);
});

it('a crowd that asks for the events of one order at once is two questions, another order one more', async () => {
  const questions: string[] = [];
  const find = shareTimelines(async (key) => {
    questions.push(key);
    return key === 'a' ? asked : [];
  });
  const answers = await Promise.all([...Array.from({ length: 500 }, () => find('a')), find('b')]);
  expect(questions.toSorted()).toEqual(['a', 'a', 'b']);
  expect(answers.filter((events) => events === asked)).toHaveLength(500);
});
