import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createSchemaCheck } from './api-schema';
import { checkBuild } from './check-build';
import { buildOverlay, type Kustomize } from './kustomize';
import { parseManifests, type Manifest, type Problem } from './manifest';

export interface BuiltOverlay {
  readonly overlay: string;
  readonly manifests: readonly Manifest[];
  /** Secrets that the overlay relies on and does not hold. */
  readonly expectedSecrets: readonly string[];
}

export interface CheckedOverlay {
  readonly overlay: string;
  readonly objects: number;
  readonly problems: readonly Problem[];
}

const readExpectedSecrets = (overlayFolder: string): readonly string[] => {
  const file = join(overlayFolder, 'expected-secrets.yaml');
  if (!existsSync(file)) return [];
  return Object.keys(parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
};

/** @throws Error with kustomize's own words when an overlay under `k8sFolder`/overlays does not build. */
export const buildOverlays = (
  kustomize: Extract<Kustomize, { kind: 'found' }>,
  k8sFolder: string,
): readonly BuiltOverlay[] =>
  readdirSync(join(k8sFolder, 'overlays'))
    .sort()
    .map((overlay) => {
      const folder = join(k8sFolder, 'overlays', overlay);
      const manifests = parseManifests(buildOverlay(kustomize, folder));
      return { overlay, manifests, expectedSecrets: readExpectedSecrets(folder) };
    });

/** Checks what was built against the API descriptions in `k8sFolder`/schemas and the rules of this folder. */
export const checkOverlays = (
  built: readonly BuiltOverlay[],
  k8sFolder: string,
): readonly CheckedOverlay[] => {
  const checkSchema = createSchemaCheck(join(k8sFolder, 'schemas'));
  return built.map(({ overlay, manifests, expectedSecrets }) => ({
    overlay,
    objects: manifests.length,
    problems: checkBuild(manifests, checkSchema, expectedSecrets),
  }));
};
