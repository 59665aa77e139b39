"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const lifecycle_1 = require("../chassis/lifecycle");
const config_1 = require("./config");
const start_1 = require("./start");
(0, lifecycle_1.runMain)('projector', process.env, (environment, onFatal) => (0, start_1.start)((0, config_1.readConfig)(environment), onFatal));
//# sourceMappingURL=main.js.map