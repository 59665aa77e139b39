"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.checkBuild = void 0;
const manifest_1 = require("./manifest");
const pod_rules_1 = require("./pod-rules");
const pods_1 = require("./pods");
const reference_rules_1 = require("./reference-rules");
const repeated = (manifests) => {
    const names = manifests.map((manifest) => `${manifest.apiVersion}/${(0, manifest_1.nameOf)(manifest)}`);
    return names
        .filter((name, index) => names.indexOf(name) !== index)
        .map((name) => ({ where: name, what: 'is there twice' }));
};
/**
 * Everything that is wrong with one overlay as built: each object by the API's schema, then the rules between them.
 * @param expectedSecrets secrets that are made outside of the repository
 */
const checkBuild = (manifests, checkSchema, expectedSecrets) => {
    const pods = (0, pods_1.podTemplates)(manifests);
    return [
        ...manifests.flatMap((manifest) => checkSchema(manifest)),
        ...repeated(manifests),
        ...pods.flatMap((pod) => (0, pod_rules_1.podRuleProblems)(pod)),
        ...(0, reference_rules_1.missingReferences)(pods, manifests, expectedSecrets),
        ...(0, reference_rules_1.idleSelectors)(pods, manifests),
        ...(0, reference_rules_1.brokenTargets)(pods, manifests),
        ...(0, reference_rules_1.hurriedStops)(pods, manifests),
    ];
};
exports.checkBuild = checkBuild;
//# sourceMappingURL=check-build.js.map