import { join } from 'node:path';
import { prometheusRule } from './prometheus-rule';
import { topicsManifest } from './topics-manifest';

/** Every generated file with its content, by its path from the project's root. A test holds the files to it. */
export const generatedFiles = (root: string): ReadonlyMap<string, string> =>
  new Map([
    ['k8s/components/strimzi/topics.yaml', topicsManifest()],
    [
      'k8s/components/monitoring/prometheus-rule.yaml',
      prometheusRule(join(root, 'k8s/observability/prometheus/rules')),
    ],
  ]);
