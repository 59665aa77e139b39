"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const lifecycle_1 = require("../../chassis/lifecycle");
const config_1 = require("../../projector/config");
const start_1 = require("../../projector/start");
/**
 * The projector as shipped, except that it joins the group that GROUP_ID names and dies by SIGKILL when it passes a
 * step the n-th time: DIE_AT=before-commit@3.
 */
(0, lifecycle_1.runMain)('projector', process.env, (environment, onFatal) => {
    const [dieAt, nth] = (environment['DIE_AT'] ?? '').split('@');
    let passed = 0;
    return (0, start_1.start)((0, config_1.readConfig)(environment), onFatal, {
        groupId: environment['GROUP_ID'] ?? 'projector',
        atStep: (step) => {
            if (step !== dieAt)
                return;
            passed += 1;
            if (passed === Number(nth))
                process.kill(process.pid, 'SIGKILL');
        },
    });
});
//# sourceMappingURL=projector.js.map