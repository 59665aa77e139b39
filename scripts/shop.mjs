// What `make` tries on a running stack: node scripts/shop.mjs <command> [arguments]. What operators do all day is
// cli/flash-sale. The addresses and the admin token come from COMMAND_API_URL, QUERY_API_URL, SAGA_URL, PROJECTOR_URL and ADMIN_TOKEN; `make` fills them in.
import { randomUUID } from 'node:crypto';

const commands = process.env.COMMAND_API_URL ?? 'http://127.0.0.1:8080';
const queries = process.env.QUERY_API_URL ?? 'http://127.0.0.1:8090';
const processes = {
  'command-api': commands,
  'query-api': queries,
  saga: process.env.SAGA_URL ?? 'http://127.0.0.1:9101',
  projector: process.env.PROJECTOR_URL ?? 'http://127.0.0.1:9102',
};
const timeoutMs = 15_000;
// `make metrics | head` closes the pipe before everything is written; that is no fault.
process.stdout.on('error', () => process.exit(0));

class Failure extends Error {}

const call = async (url, options = {}) => {
  let answer;
  try {
    answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), ...options });
  } catch (error) {
    throw new Failure(`${url} does not answer (${error.cause?.message ?? error.message}). Is it up? make ps`);
  }
  const text = await answer.text();
  try {
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text) };
  } catch {
    return { status: answer.status, headers: answer.headers, body: text };
  }
};

const post = (path, body, headers = {}) =>
  call(`${commands}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const show = (what) => console.log(typeof what === 'string' ? what : JSON.stringify(what, null, 2));

const expectStatus = (answer, status, what) => {
  if (answer.status !== status) {
    throw new Failure(`${what} was answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
  }
};

const stock = async (item, quantity, commandId) => {
  const body = { item_id: item, delta: quantity, reason: 'make seed', command_id: commandId };
  const authorization = `Bearer ${process.env.ADMIN_TOKEN ?? ''}`;
  const answer = await post('/commands/adjust-stock', body, { authorization });
  expectStatus(answer, 202, `stocking ${item}`);
  console.log(`${quantity >= 0 ? '+' : ''}${quantity} ${item}`);
};

const buy = (order, headers) => post('/commands/buy', order, headers);

const orderOf = (item, amount) => ({
  user_id: `user-${randomUUID().slice(0, 8)}`,
  item_id: item,
  amount,
  request_id: randomUUID(),
});

const decided = async (requestId) => {
  const answer = await call(`${queries}/orders/${encodeURIComponent(requestId)}?wait=10s`);
  expectStatus(answer, 200, `order ${requestId}`);
  return answer.body;
};

/** The view follows the log by milliseconds, so what was just written may need another look. */
const itemWith = async (item, available) => {
  let last;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const answer = await call(`${queries}/items/${encodeURIComponent(item)}`);
    last = answer.body.available;
    if (answer.status === 200 && last === available) return answer.body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Failure(`${item} shows ${last} available, not ${available}`);
};

/** The fixed command ids make a second `make seed` harmless: each is carried out once. */
const seed = async () => {
  const items = { 'sneaker-red': 500, 'sneaker-blue': 250, 'sneaker-gold': 10 };
  for (const [item, quantity] of Object.entries(items)) await stock(item, quantity, `seed-${item}`);
};

const metrics = async (name) => {
  for (const [process, url] of Object.entries(processes)) {
    if (name && name !== process) continue;
    console.log(`# ${process}`);
    show((await call(`${url}/metrics`)).body);
  }
};

/** The simulated provider may be told to decline some orders (PAYMENT_DECLINE_RATE), so one decline is no failure of the system. */
const buyUntilPaid = async (item, amount) => {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const order = orderOf(item, amount);
    const accepted = await buy(order);
    expectStatus(accepted, 202, 'buying');
    const { status, reason } = await decided(order.request_id);
    console.log(`bought ${amount} ${item}: ${status}${reason ? ` (${reason})` : ''}`);
    if (status !== 'FAILED_PAYMENT') return status;
  }
  throw new Failure('The payment provider declined ten orders in a row.');
};

const testOrder = async () => {
  const item = `test-${randomUUID().slice(0, 8)}`;
  await stock(item, 10, `stock-${item}`);
  await itemWith(item, 10);
  const paid = await buyUntilPaid(item, 3);
  if (paid !== 'COMPLETED') throw new Failure(`3 of 10 ended ${paid}, not COMPLETED`);
  const { available } = await itemWith(item, 7);
  console.log(`${item} shows ${available} available`);
  const refused = await buyUntilPaid(item, 8);
  if (refused !== 'FAILED_SOLD_OUT') throw new Failure(`8 of 7 ended ${refused}, not FAILED_SOLD_OUT`);
};

const testIdempotency = async () => {
  const item = `test-${randomUUID().slice(0, 8)}`;
  await stock(item, 10, `stock-${item}`);
  const order = orderOf(item, 1);
  const first = await buy(order);
  expectStatus(first, 202, 'the first request');
  console.log(`first: 202, correlation ${first.body.correlation_id}`);
  const again = await buy(order);
  expectStatus(again, 409, 'the same request again');
  if (again.body.correlation_id !== first.body.correlation_id) {
    throw new Failure('The repeat does not name the first correlation id.');
  }
  console.log('the same again: 409 with the first correlation id');
  const other = await buy({ ...order, amount: 2 });
  expectStatus(other, 422, 'the same request_id with another body');
  console.log('the same request_id with another body: 422');
  const key = orderOf(item, 1);
  const headers = { 'Idempotency-Key': key.request_id };
  expectStatus(await buy(key, headers), 202, 'a request with an Idempotency-Key');
  const replay = await buy(key, headers);
  expectStatus(replay, 202, 'its repeat');
  if (replay.headers.get('idempotency-replayed') !== 'true') throw new Failure('The repeat is not marked.');
  console.log('with an Idempotency-Key: 202 again, Idempotency-Replayed');
};

/** A faulty order is told all of its faults at once. */
const testFaulty = async () => {
  const answer = await buy({ user_id: 'no blanks, please', amount: 0 });
  expectStatus(answer, 400, 'a faulty order');
  const fields = answer.body.errors.map(({ field }) => field);
  console.log(`faulty: 400 for ${fields.join(', ')}`);
};

/** The limit is a setting, so it is pressed until it is met. */
const testLimit = async (item) => {
  const { user_id: userId } = orderOf(item, 1);
  for (let presses = 1; presses <= 1000; presses += 1) {
    const answer = await buy({ ...orderOf(item, 1), user_id: userId });
    if (answer.status === 202) continue;
    expectStatus(answer, 429, `press ${presses} of one user`);
    const after = answer.headers.get('retry-after');
    return console.log(`press ${presses} of one user: 429, again in ${after} s`);
  }
  console.log('1,000 presses of one user: 202, no limit is set');
};

/** What a change of the sale makes of a press, in the process that took the change. */
const testSaleState = async (item, action, status) => {
  const body = { item_id: item, action, reason: 'make test-refusals', command_id: randomUUID() };
  const changed = await post('/commands/sale', body, {
    authorization: `Bearer ${process.env.ADMIN_TOKEN ?? ''}`,
  });
  expectStatus(changed, 202, `${action} of ${item}`);
  expectStatus(await buy(orderOf(item, 1)), status, `a press after ${action}`);
  console.log(`after ${action}: ${status}`);
};

const testRefusals = async () => {
  const item = `test-${randomUUID().slice(0, 8)}`;
  await stock(item, 10, `stock-${item}`);
  await itemWith(item, 10);
  await testFaulty();
  await testLimit(item);
  await testSaleState(item, 'pause', 425);
  await testSaleState(item, 'resume', 202);
  await testSaleState(item, 'close', 410);
};

const known = {
  seed,
  metrics,
  'test-order': testOrder,
  'test-idempotency': testIdempotency,
  'test-refusals': testRefusals,
};

const [name, ...rest] = process.argv.slice(2);
const command = known[name];
if (!command) {
  console.error(`Usage: node scripts/shop.mjs ${Object.keys(known).join('|')}`);
  process.exit(64);
}
try {
  await command(...rest);
} catch (error) {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
}
