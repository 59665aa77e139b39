import type { Answer, Api } from '../api';
import { exitCodes } from '../exit';
import { followCommand } from './follow-command';

const unseen = { status: 404, headers: new Headers(), body: { title: 'There is no such command' } };
const done = {
  status: 200,
  headers: new Headers(),
  body: { command_id: 'go', kind: 'REDRIVE', state: 'DONE', letters: 2, tried: 2, effects: {}, states: {} },
};

const follow = (answers: readonly Answer[], unseenMs: number) => {
  const left = [...answers];
  const call = async (): Promise<Answer> => left.shift() ?? unseen;
  const api = { call } as unknown as Api;
  const said: string[] = [];
  const err = { write: (text: string) => said.push(text) };
  const context = { api, terminal: { err }, signal: new AbortController().signal };
  return { following: followCommand(context, 'go', { pollMs: 1, unseenMs }), said };
};

describe('a command that was answered 202', () => {
  it('is waited for while the views do not show it yet', async () => {
    const { following, said } = follow([unseen, unseen, done], 10_000);
    expect(await following).toBe(done.body);
    expect(said.join('')).toContain('accepted; the views do not show it yet');
  });

  it('is said to be accepted when the views do not show it in time', async () => {
    await expect(follow([], 5).following).rejects.toMatchObject({
      code: exitCodes.couldNot,
      message: expect.stringContaining('flash-sale dlq progress go') as unknown,
    });
  });

  it('ends with what any other refusal says', async () => {
    const refused = { ...unseen, status: 401, body: { title: 'Who are you' } };
    await expect(follow([refused], 10_000).following).rejects.toThrow('Who are you');
  });
});
