import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

interface RuleFile {
  readonly groups: readonly unknown[];
}

/** Every rule file of `folder`, in the order of their names. */
export const ruleGroups = (folder: string): readonly unknown[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => (parse(readFileSync(join(folder, file), 'utf8')) as RuleFile).groups);

const header = '# Generated from k8s/observability/prometheus/rules by `make generate`: change them there.\n';

/** The same rules as an object of the Prometheus operator. */
export const prometheusRule = (folder: string): string =>
  header +
  stringify({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'flash-sale', labels: { 'app.kubernetes.io/part-of': 'flash-sale' } },
    spec: { groups: ruleGroups(folder) },
  });
