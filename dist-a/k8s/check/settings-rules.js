"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.unreadVariables = void 0;
const manifest_1 = require("./manifest");
const pods_1 = require("./pods");
/** Variables that are Node's and not ours. */
const nodesOwn = ['NODE_OPTIONS'];
const withoutFile = (name) => name.replace(/_FILE$/, '');
const isSetting = (name, settings) => nodesOwn.includes(name) || name in settings || withoutFile(name) in settings;
const variablesOf = (container) => (0, manifest_1.listAt)(container, 'env').map((variable) => (0, manifest_1.textAt)(variable, 'name') ?? '');
const sharedNames = (container, manifests) => (0, manifest_1.listAt)(container, 'envFrom').flatMap((source) => {
    const name = (0, manifest_1.textAt)(source, 'configMapRef.name');
    const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
    return Object.keys((0, manifest_1.at)(map, 'data') ?? {});
});
/**
 * Variables that nobody reads: a misspelt setting leaves its default in place in silence. A variable of a pod must be a
 * setting of its process; one that all share must be a setting of some process.
 * @param processes settings by the pod's `app.kubernetes.io/name`; pods of other names are not judged
 */
const unreadVariables = (manifests, processes) => {
    const everyone = Object.fromEntries(Object.values(processes).flatMap((own) => Object.entries(own)));
    return (0, pods_1.podTemplates)(manifests).flatMap(({ owner, labels, containers }) => {
        const own = processes[labels['app.kubernetes.io/name'] ?? ''];
        if (own === undefined)
            return [];
        const unread = containers.flatMap((container) => [
            ...variablesOf(container).filter((name) => !isSetting(name, own)),
            ...sharedNames(container, manifests).filter((name) => !isSetting(name, everyone)),
        ]);
        return unread.map((name) => ({ where: (0, manifest_1.nameOf)(owner), what: `sets ${name}, which nobody reads` }));
    });
};
exports.unreadVariables = unreadVariables;
//# sourceMappingURL=settings-rules.js.map