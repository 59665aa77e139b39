import { ReadJudge } from './judge';

const answer = (body: object, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\n\r\n${JSON.stringify(body)}`;

describe('a judge of reads', () => {
  it('lets an order be decided, once', () => {
    const judge = new ReadJudge();
    for (const status of ['PENDING', 'PENDING', 'COMPLETED', 'COMPLETED']) {
      expect(judge.order('a', answer({ status }))).toEqual({ kind: 'fine' });
    }
  });

  it.each(['PENDING', 'FAILED_SOLD_OUT'])('calls it going back when a decided order is %s', (status) => {
    const judge = new ReadJudge();
    judge.order('a', answer({ status: 'COMPLETED' }));
    expect(judge.order('a', answer({ status }))).toMatchObject({ kind: 'went-back' });
  });

  it('lets the request of a decided order become known, and never unknown', () => {
    const judge = new ReadJudge();
    const [unknown, known] = [null, 'noon'].map((requested_at) => ({ status: 'COMPLETED', requested_at }));
    expect(judge.order('a', answer(unknown ?? {}))).toEqual({ kind: 'fine' });
    expect(judge.order('a', answer(known ?? {}))).toEqual({ kind: 'fine' });
    expect(judge.order('a', answer(unknown ?? {}))).toMatchObject({ kind: 'went-back' });
  });

  it('calls it going back when fewer are sold', () => {
    const judge = new ReadJudge();
    expect(judge.item('i', answer({ sold: 7 }))).toEqual({ kind: 'fine' });
    expect(judge.item('i', answer({ sold: 6 }))).toMatchObject({ kind: 'went-back' });
  });

  it('takes anything but 200 for a failed read', () => {
    const judge = new ReadJudge();
    expect(judge.order('a', answer({}, '404 Not Found'))).toMatchObject({ kind: 'failed' });
    expect(judge.item('i', answer({}, '503 Service Unavailable'))).toMatchObject({ kind: 'failed' });
  });
});
