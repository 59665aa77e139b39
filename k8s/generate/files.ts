import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePage } from '../../cli/reference-page';
import { dashboardJson, type Dashboard } from '../observability/dashboards/dashboard';
import { pipeline } from '../observability/dashboards/pipeline';
import { projector } from '../observability/dashboards/projector';
import { runtime } from '../observability/dashboards/runtime';
import { saga } from '../observability/dashboards/saga';
import { sale } from '../observability/dashboards/sale';
import { withConfigurationTables } from './configuration-table';
import { prometheusRule } from './prometheus-rule';
import { topicsManifest } from './topics-manifest';

export const dashboards: readonly Dashboard[] = [sale, pipeline, saga, projector, runtime];

/** Every generated file with its content, by its path from the project's root. A test holds the files to it. */
export const generatedFiles = (root: string): ReadonlyMap<string, string> =>
  new Map([
    ['docs/OPERATIONS.md', withConfigurationTables(readFileSync(join(root, 'docs/OPERATIONS.md'), 'utf8'))],
    ['docs/cli.md', referencePage()],
    ['k8s/components/strimzi/topics.yaml', topicsManifest()],
    [
      'k8s/components/monitoring/prometheus-rule.yaml',
      prometheusRule(join(root, 'k8s/observability/prometheus/rules')),
    ],
    ...dashboards.map(
      (dashboard) =>
        [`k8s/observability/grafana/dashboards/${dashboard.uid}.json`, dashboardJson(dashboard)] as const,
    ),
  ]);
