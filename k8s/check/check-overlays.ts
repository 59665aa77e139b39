import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createSchemaCheck } from './api-schema';
import { checkBuild } from './check-build';
import { buildOverlay, type Kustomize } from './kustomize';
import { parseManifests, type Problem } from './manifest';

export interface CheckedOverlay {
  readonly overlay: string;
  readonly objects: number;
  readonly problems: readonly Problem[];
}

/** Secrets that the overlay relies on and does not hold, by name, each with its keys. */
const expectedSecrets = (overlayFolder: string): readonly string[] => {
  const file = join(overlayFolder, 'expected-secrets.yaml');
  if (!existsSync(file)) return [];
  return Object.keys(parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
};

/**
 * Builds each overlay under `k8sFolder`/overlays and checks what comes out.
 * @throws Error when an overlay does not build.
 */
export const checkOverlays = (
  kustomize: Extract<Kustomize, { kind: 'found' }>,
  k8sFolder: string,
): readonly CheckedOverlay[] => {
  const checkSchema = createSchemaCheck(join(k8sFolder, 'schemas'));
  const overlays = join(k8sFolder, 'overlays');
  return readdirSync(overlays)
    .sort()
    .map((overlay) => {
      const folder = join(overlays, overlay);
      const manifests = parseManifests(buildOverlay(kustomize, folder));
      const problems = checkBuild(manifests, checkSchema, expectedSecrets(folder));
      return { overlay, objects: manifests.length, problems };
    });
};
