"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.documents = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const project_root_1 = require("../../stack/project-root");
const howTos = (0, node_fs_1.readdirSync)((0, node_path_1.join)((0, project_root_1.projectRoot)(), 'docs/how-to')).filter((file) => file.endsWith('.md'));
/** What a stranger types commands from. docs/cli.md is generated and has a test of its own. */
exports.documents = [
    'README.md',
    'CONTRIBUTING.md',
    'docs/OPERATIONS.md',
    'docs/TESTING.md',
    'docs/tracing.md',
    'docs/scaling.md',
    'docs/saga.md',
    'docs/chaos.md',
    'docs/benchmark-command-api.md',
    'docs/benchmark-views.md',
    'docs/SECURITY.md',
    'k8s/README.md',
    ...howTos.map((file) => `docs/how-to/${file}`),
];
//# sourceMappingURL=documents.js.map