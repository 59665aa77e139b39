import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../stack/project-root';
import { ruleGroups } from '../generate/prometheus-rule';
import type { Rule } from './expressions';

interface AlertCase {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}

const folder = join(__dirname, 'prometheus');

const alerts = (ruleGroups(join(folder, 'rules')) as readonly { readonly rules: readonly Rule[] }[])
  .flatMap((group) => group.rules)
  .filter((rule) => rule.alert !== undefined);

const cases = readdirSync(join(folder, 'tests')).flatMap((file) => {
  const { tests } = parse(readFileSync(join(folder, 'tests', file), 'utf8')) as {
    readonly tests: readonly { readonly alert_rule_test: readonly AlertCase[] }[];
  };
  return tests.flatMap((test) => test.alert_rule_test);
});

const operations = readFileSync(join(projectRoot(), 'docs', 'OPERATIONS.md'), 'utf8');

/** The anchor that a heading gets. */
const anchors = [...operations.matchAll(/^#+ (.+)$/gm)].map((match) =>
  (match[1] ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-'),
);

const names = [...new Set(alerts.map((rule) => rule.alert ?? ''))];

describe('every alert', () => {
  it.each(names)('%s has a runbook with meaning, impact, check and fix', (name) => {
    const rule = alerts.find((it) => it.alert === name);
    const anchor = rule?.annotations?.['runbook_url']?.split('#')[1] ?? '';
    expect(anchors).toContain(anchor);
    const [, text = ''] = operations.split(new RegExp(`^#+ ${name}$`, 'm'));
    const [runbook = ''] = text.split(/^#+ /m);
    for (const part of ['Meaning', 'Impact', 'Check', 'Fix']) expect(runbook).toContain(`**${part}.**`);
  });

  it.each(names)('%s says how bad it is, and in a sentence what is', (name) => {
    const rules = alerts.filter((it) => it.alert === name);
    for (const { labels, annotations } of rules) {
      expect(['critical', 'warning', 'info']).toContain(labels?.['severity']);
      expect(annotations?.['summary']).toBeTruthy();
    }
  });

  it.each(names)('%s fires in a rule test, and stays silent in another', (name) => {
    const own = cases.filter((it) => it.alertname === name);
    expect(own.some((it) => it.exp_alerts.length > 0)).toBe(true);
    expect(own.some((it) => it.exp_alerts.length === 0)).toBe(true);
  });
});
