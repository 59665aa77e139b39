import { join } from 'node:path';
import { projectRoot } from '../../stack/project-root';
import { buildOverlays, checkOverlays } from './check-overlays';
import { findKustomize } from './kustomize';

/** Exit codes: 0 all overlays are valid, 1 a fault, 2 kustomize is missing. */
const main = (): number => {
  const root = projectRoot();
  const kustomize = findKustomize(join(root, '.stack', 'tools'));
  if (kustomize.kind === 'missing') {
    console.error(kustomize.reason);
    return 2;
  }
  const k8s = join(root, 'k8s');
  const checked = checkOverlays(buildOverlays(kustomize, k8s), k8s);
  for (const { overlay, objects, problems } of checked) {
    console.log(`${problems.length === 0 ? 'valid  ' : 'FAULTY '} ${overlay} (${objects} objects)`);
    for (const { where, what } of problems) console.log(`  ${where}: ${what}`);
  }
  return checked.some(({ problems }) => problems.length > 0) ? 1 : 0;
};

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
