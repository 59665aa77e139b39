"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.actorOf = exports.withActor = void 0;
const node_os_1 = require("node:os");
const withActor = (command) => command.option('--actor <name>', 'who orders it; it stands in the log (default: your login name)');
exports.withActor = withActor;
/** A user id without a name, as containers have, is nobody in particular. */
const actorOf = ({ actor }) => {
    if (actor !== undefined)
        return actor;
    try {
        return (0, node_os_1.userInfo)().username;
    }
    catch {
        return 'operator';
    }
};
exports.actorOf = actorOf;
//# sourceMappingURL=actor.js.map