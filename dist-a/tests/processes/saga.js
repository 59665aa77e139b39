"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const lifecycle_1 = require("../../chassis/lifecycle");
const config_1 = require("../../saga/config");
const start_1 = require("../../saga/start");
/** The saga as shipped, except that it dies by SIGKILL the first time that it passes the step that DIE_AT names. */
(0, lifecycle_1.runMain)('saga', process.env, (environment, onFatal) => (0, start_1.start)((0, config_1.readConfig)(environment), onFatal, {
    atStep: (step) => {
        if (step === environment['DIE_AT'])
            process.kill(process.pid, 'SIGKILL');
    },
}));
//# sourceMappingURL=saga.js.map