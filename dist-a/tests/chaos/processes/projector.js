"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const run_service_1 = require("./run-service");
(0, run_service_1.runProjector)();
//# sourceMappingURL=projector.js.map