import { at, labelsAt, listAt, type Labels, type Manifest } from './manifest';

/** A pod as a workload makes it. */
export interface PodTemplate {
  readonly owner: Manifest;
  readonly labels: Labels;
  readonly spec: unknown;
  readonly containers: readonly unknown[];
}

const templatePaths: Readonly<Record<string, string>> = {
  Deployment: 'spec.template',
  StatefulSet: 'spec.template',
  Job: 'spec.template',
  CronJob: 'spec.jobTemplate.spec.template',
};

export const podTemplates = (manifests: readonly Manifest[]): readonly PodTemplate[] =>
  manifests.flatMap((owner) => {
    const path = templatePaths[owner.kind];
    if (path === undefined) return [];
    const template = at(owner, path);
    const spec = at(template, 'spec');
    return [
      {
        owner,
        spec,
        labels: labelsAt(template, 'metadata.labels'),
        containers: [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')],
      },
    ];
  });

/** One of our own services, as opposed to a server of the laptop overlay or a one-shot job. */
export const isService = (pod: PodTemplate): boolean =>
  pod.owner.kind === 'Deployment' && pod.labels['app.kubernetes.io/part-of'] === 'flash-sale';
