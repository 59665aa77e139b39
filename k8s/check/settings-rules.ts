import type { Settings } from '../../chassis/config';
import { at, listAt, nameOf, textAt, type Manifest, type Problem } from './manifest';
import { podTemplates } from './pods';

/** Variables that are Node's and not ours. */
const nodesOwn = ['NODE_OPTIONS'];

const withoutFile = (name: string): string => name.replace(/_FILE$/, '');

const isSetting = (name: string, settings: Settings): boolean =>
  nodesOwn.includes(name) || name in settings || withoutFile(name) in settings;

const variablesOf = (container: unknown): readonly string[] =>
  listAt(container, 'env').map((variable) => textAt(variable, 'name') ?? '');

const sharedNames = (container: unknown, manifests: readonly Manifest[]): readonly string[] =>
  listAt(container, 'envFrom').flatMap((source) => {
    const name = textAt(source, 'configMapRef.name');
    const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    return Object.keys(at(map, 'data') ?? {});
  });

/**
 * Variables that nobody reads: a misspelt setting leaves its default in place in silence. A variable of a pod must be a
 * setting of its process; one that all share must be a setting of some process.
 * @param processes settings by the pod's `app.kubernetes.io/name`; pods of other names are not judged
 */
export const unreadVariables = (
  manifests: readonly Manifest[],
  processes: Readonly<Record<string, Settings>>,
): readonly Problem[] => {
  const everyone = Object.fromEntries(Object.values(processes).flatMap((own) => Object.entries(own)));
  return podTemplates(manifests).flatMap(({ owner, labels, containers }) => {
    const own = processes[labels['app.kubernetes.io/name'] ?? ''];
    if (own === undefined) return [];
    const unread = containers.flatMap((container) => [
      ...variablesOf(container).filter((name) => !isSetting(name, own)),
      ...sharedNames(container, manifests).filter((name) => !isSetting(name, everyone)),
    ]);
    return unread.map((name) => ({ where: nameOf(owner), what: `sets ${name}, which nobody reads` }));
  });
};
