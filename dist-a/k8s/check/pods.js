"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isService = exports.podTemplates = void 0;
const manifest_1 = require("./manifest");
const templatePaths = {
    Deployment: 'spec.template',
    StatefulSet: 'spec.template',
    Job: 'spec.template',
    CronJob: 'spec.jobTemplate.spec.template',
};
const podTemplates = (manifests) => manifests.flatMap((owner) => {
    const path = templatePaths[owner.kind];
    if (path === undefined)
        return [];
    const template = (0, manifest_1.at)(owner, path);
    const spec = (0, manifest_1.at)(template, 'spec');
    return [
        {
            owner,
            spec,
            labels: (0, manifest_1.labelsAt)(template, 'metadata.labels'),
            containers: [...(0, manifest_1.listAt)(spec, 'initContainers'), ...(0, manifest_1.listAt)(spec, 'containers')],
        },
    ];
});
exports.podTemplates = podTemplates;
/** One of our own services, as opposed to a server of the laptop overlay or a one-shot job. */
const isService = (pod) => pod.owner.kind === 'Deployment' && pod.labels['app.kubernetes.io/part-of'] === 'flash-sale';
exports.isService = isService;
//# sourceMappingURL=pods.js.map