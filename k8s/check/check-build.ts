import type { SchemaCheck } from './api-schema';
import type { Manifest, Problem } from './manifest';
import { nameOf } from './manifest';
import { podRuleProblems } from './pod-rules';
import { podTemplates } from './pods';
import { brokenTargets, hurriedStops, idleSelectors, missingReferences } from './reference-rules';

const repeated = (manifests: readonly Manifest[]): readonly Problem[] => {
  const names = manifests.map((manifest) => `${manifest.apiVersion}/${nameOf(manifest)}`);
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({ where: name, what: 'is there twice' }));
};

/**
 * Everything that is wrong with one overlay as built: each object by the API's schema, then the rules between them.
 * @param expectedSecrets secrets that are made outside of the repository
 */
export const checkBuild = (
  manifests: readonly Manifest[],
  checkSchema: SchemaCheck,
  expectedSecrets: readonly string[],
): readonly Problem[] => {
  const pods = podTemplates(manifests);
  return [
    ...manifests.flatMap((manifest) => checkSchema(manifest)),
    ...repeated(manifests),
    ...pods.flatMap((pod) => podRuleProblems(pod)),
    ...missingReferences(pods, manifests, expectedSecrets),
    ...idleSelectors(pods, manifests),
    ...brokenTargets(pods, manifests),
    ...hurriedStops(pods, manifests),
  ];
};
