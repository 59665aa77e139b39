"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const lifecycle_1 = require("../../chassis/lifecycle");
const config_1 = require("../../command-api/config");
const start_1 = require("../../command-api/start");
/** The command API as shipped, except that it dies by SIGKILL at the step that DIE_AT names. */
(0, lifecycle_1.runMain)('command-api', process.env, (environment) => (0, start_1.start)((0, config_1.readConfig)(environment), {
    atStep: (step) => {
        if (step === environment['DIE_AT'])
            process.kill(process.pid, 'SIGKILL');
    },
}));
//# sourceMappingURL=command-api.js.map