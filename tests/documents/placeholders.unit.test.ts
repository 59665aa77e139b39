import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { commandsOf } from './commands';
import { documents } from './documents';
import { notRun } from './not-run';
import { asTyped } from './placeholders';

const given = {
  commandUrl: 'http://command',
  queryUrl: 'http://query',
  orderId: 'order-7',
  itemId: 'poster',
  nextItemId: () => 'cap-2',
  letterGroup: 'group-3',
};

it.each([
  ['make order-status ID=<request_id>', 'make order-status ID=order-7'],
  ['npx flash-sale order …', 'npx flash-sale order order-7'],
  ['npx flash-sale stock add … 100 -r "more"', 'npx flash-sale stock add poster 100 -r "more"'],
  ['npx flash-sale sale pause … -r "…"', 'npx flash-sale sale pause cap-2 -r "a reason"'],
  ['npx flash-sale dlq discard --group … --note …', 'npx flash-sale dlq discard --group group-3 --note seen'],
  ["curl -s 'localhost:8090/orders/x'", "curl -s 'http://query/orders/x'"],
])('%s is typed as %s', (command, typed) => expect(asTyped(command, given)).toBe(typed));

it('no command that is run keeps a placeholder', () => {
  const typed = documents
    .flatMap((document) => commandsOf(document, readFileSync(join(projectRoot(), document), 'utf8')))
    .filter(({ command }) => !notRun.some(({ pattern }) => pattern.test(command)))
    .map(({ command }) => asTyped(command, given));
  expect(typed.length).toBeGreaterThan(30);
  expect(typed.filter((command) => /…|<\w+>/.test(command))).toEqual([]);
});
