"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.checkOverlays = exports.buildOverlays = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const yaml_1 = require("yaml");
const api_schema_1 = require("./api-schema");
const check_build_1 = require("./check-build");
const kustomize_1 = require("./kustomize");
const manifest_1 = require("./manifest");
const readExpectedSecrets = (overlayFolder) => {
    const file = (0, node_path_1.join)(overlayFolder, 'expected-secrets.yaml');
    if (!(0, node_fs_1.existsSync)(file))
        return [];
    return Object.keys((0, yaml_1.parse)((0, node_fs_1.readFileSync)(file, 'utf8')));
};
/** @throws Error with kustomize's own words when an overlay under `k8sFolder`/overlays does not build. */
const buildOverlays = (kustomize, k8sFolder) => (0, node_fs_1.readdirSync)((0, node_path_1.join)(k8sFolder, 'overlays'))
    .sort()
    .map((overlay) => {
    const folder = (0, node_path_1.join)(k8sFolder, 'overlays', overlay);
    const manifests = (0, manifest_1.parseManifests)((0, kustomize_1.buildOverlay)(kustomize, folder));
    return { overlay, manifests, expectedSecrets: readExpectedSecrets(folder) };
});
exports.buildOverlays = buildOverlays;
/** Checks what was built against the API descriptions in `k8sFolder`/schemas and the rules of this folder. */
const checkOverlays = (built, k8sFolder) => {
    const checkSchema = (0, api_schema_1.createSchemaCheck)((0, node_path_1.join)(k8sFolder, 'schemas'));
    return built.map(({ overlay, manifests, expectedSecrets }) => ({
        overlay,
        objects: manifests.length,
        problems: (0, check_build_1.checkBuild)(manifests, checkSchema, expectedSecrets),
    }));
};
exports.checkOverlays = checkOverlays;
//# sourceMappingURL=check-overlays.js.map