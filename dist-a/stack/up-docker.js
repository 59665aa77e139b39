"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.upInDocker = void 0;
const node_fs_1 = require("node:fs");
const compose_1 = require("./compose");
const stack_context_1 = require("./stack-context");
const summary_1 = require("./summary");
/** The containers of docker-compose.yml, built and healthy; they restart by themselves. */
const upInDocker = (context, infrastructureOnly) => {
    (0, compose_1.composeUp)(context, infrastructureOnly);
    const { run, variables } = (0, stack_context_1.foldersOf)(context.root);
    (0, node_fs_1.mkdirSync)(run, { recursive: true });
    (0, node_fs_1.writeFileSync)(variables, (0, summary_1.shellVariables)(context.settings, (0, compose_1.composeVariables)(context)), { mode: 0o600 });
    context.report(`Up.\n${(0, summary_1.summary)(context.settings, infrastructureOnly)}`);
};
exports.upInDocker = upInDocker;
//# sourceMappingURL=up-docker.js.map