// Dead letters one by one, for an operator. The token stays in its field: it is in no storage, no address and no log.
import { count, duration, find, make } from './page.js';

const commandOrigin = document.body.dataset.commands;
const pageSize = 20;
/** What fits into a command's 16 KiB and onto a page; a filter of the command line takes more. */
const lettersMax = 200;
const followMs = 60_000;
let nextCursor = null;
/** What the confirming button does. */
let confirmed = null;

/** Also where a page has no secure context and so no randomUUID. */
const commandId = () =>
  `console-${[...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;

const say = (text) => {
  find('desk-status').textContent = text;
};

const ask = async (url, body) => {
  const headers = { Authorization: `Bearer ${find('admin-token').value}` };
  const request = body
    ? {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }
    : { headers };
  const response = await fetch(url, request);
  const answer = await response.json();
  if (response.ok) return answer;
  const faults = (answer.errors ?? []).map(({ field, message }) => `${field} ${message}`);
  const message = [answer.title, answer.detail, ...faults].filter(Boolean).join(' ');
  throw Object.assign(new Error(message), { status: response.status });
};

/** Runs what a button stands for; what goes wrong is said and nothing else happens. */
const attempt = (work) => async (event) => {
  event?.preventDefault();
  try {
    await work();
  } catch (error) {
    say(
      error instanceof TypeError
        ? 'No answer: the server is away, or does not admit this page.'
        : error.message,
    );
  }
};

const chosen = () => [...document.querySelectorAll('#letter-list input:checked')].map(({ value }) => value);

const quoted = (text) => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Without a command API that admits this page, its commands are typed where the token is. */
const showCommands = () => {
  const ids = chosen().map(quoted).join(' ');
  find('typed-commands').textContent =
    `npx flash-sale dlq redrive ${ids} --dry-run\nnpx flash-sale dlq redrive ${ids}\nnpx flash-sale dlq discard ${ids} --note '…'`;
};

const choose = () => {
  const many = chosen().length;
  closeConfirmation();
  find('redrive').disabled = find('discard').disabled = many === 0;
  find('chosen').textContent = `${count(many)} chosen`;
  find('typed').hidden = commandOrigin !== '' || many === 0;
  showCommands();
};

const closeConfirmation = () => {
  confirmed = null;
  find('confirmation').hidden = true;
};

const confirmFirst = (question, label, work) => {
  confirmed = work;
  find('question').textContent = question;
  find('confirm').textContent = label;
  find('confirmation').hidden = false;
  find('confirm').focus();
};

const row = (letter) => {
  const element = make('li');
  const label = make('label');
  const box = make('input');
  box.type = 'checkbox';
  box.value = letter.id;
  box.addEventListener('change', choose);
  const age = duration(Date.now() - Date.parse(letter.parked_at));
  const about = [
    letter.id,
    letter.subject ?? letter.key,
    letter.state,
    `${count(letter.attempts)} tried`,
    `${age} old`,
  ];
  const text = make('span', '', letter.reason);
  text.append(
    make('small', '', about.filter(Boolean).join(' · ')),
    make('small', '', letter.last_failure.detail),
  );
  label.append(box, text);
  element.append(label);
  return element;
};

const list = async (cursor) => {
  const query = new URLSearchParams({
    state: 'PARKED,FAILED_AGAIN',
    limit: pageSize,
    ...(cursor && { cursor }),
  });
  const page = await ask(`/admin/dlq?${query}`);
  const rows = page.letters.map(row);
  if (cursor) find('letter-list').append(...rows);
  else find('letter-list').replaceChildren(...rows);
  const shown = find('letter-list').children.length;
  nextCursor = page.next_cursor;
  find('more-letters').hidden = nextCursor === null || shown >= lettersMax;
  find('desk-actions').hidden = shown === 0;
  choose();
  return shown;
};

const listAnew = async () => {
  const shown = await list();
  say(
    shown === 0
      ? 'No letter is open.'
      : `${count(shown)} open letters${nextCursor ? ', and more' : ''}, newest first.`,
  );
};

/** What was answered 202 is in the log; while the projector is behind, the view knows no such command. */
const progressOf = async (id) => {
  try {
    return await ask(`/admin/redrives/${id}`);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
};

const follow = async (id) => {
  for (const endsAt = Date.now() + followMs; Date.now() < endsAt;) {
    const progress = await progressOf(id);
    if (progress) {
      const { state, tried, letters, states } = progress;
      const now = Object.entries(states).map(([name, many]) => `${count(many)} ${name}`);
      say(`${count(tried)} of ${count(letters)} tried: ${now.join(', ')}`);
      if (state === 'DONE') return;
    } else say(`Accepted as ${id}; the views do not show it yet.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};

const send = async (verb, selection) => {
  const id = commandId();
  closeConfirmation();
  say('Sending');
  const note = find('note').value.trim();
  const body = { command_id: id, ...selection, actor: 'console', ...(note && { note }) };
  await ask(`${commandOrigin}/commands/${verb}`, body);
  await follow(id);
  await list();
  find('redrive').focus();
};

const predictions = {
  redriven: 'will be tried again',
  already_terminal: 'are decided already',
  fails_again: 'will fail again',
  not_open: 'are not open any more',
};

const planRedrive = async () => {
  const dryRun = { command_id: commandId(), ids: chosen(), dry_run: true };
  const plan = await ask(`${commandOrigin}/commands/redrive`, dryRun);
  const fates = Object.entries(plan.predicted).filter(([, many]) => many > 0);
  const text = fates.map(([name, many]) => `${count(many)} ${predictions[name] ?? name}`).join(', ');
  confirmFirst(`Of ${count(plan.letters)}: ${text}.`, `Redrive ${count(plan.letters)}`, () =>
    send('redrive', { plan_id: plan.plan_id }),
  );
};

const planDiscard = async () => {
  const ids = chosen();
  if (find('note').value.trim() === '') {
    find('note').focus();
    throw new Error('A discard needs a note: why do these letters need no processing?');
  }
  confirmFirst(
    `${count(ids.length)} will be closed for good; their bytes stay in the log.`,
    `Discard ${count(ids.length)}`,
    () => send('discard', { ids }),
  );
};

export const openDesk = () => {
  find('list-letters').addEventListener('submit', attempt(listAnew));
  find('more-letters').addEventListener(
    'click',
    attempt(() => list(nextCursor)),
  );
  find('choose-all').addEventListener('click', () => {
    for (const box of document.querySelectorAll('#letter-list input')) box.checked = true;
    choose();
  });
  find('redrive').hidden = find('discard').hidden = find('note-field').hidden = commandOrigin === '';
  find('redrive').addEventListener('click', attempt(planRedrive));
  find('discard').addEventListener('click', attempt(planDiscard));
  find('confirm').addEventListener(
    'click',
    attempt(() => confirmed?.()),
  );
  find('cancel').addEventListener('click', () => {
    closeConfirmation();
    find('redrive').focus();
  });
};
