"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createLogEnds = void 0;
const deadline_1 = require("../chassis/deadline");
const shared_question_1 = require("../chassis/shared-question");
const answerWithinMs = 1_000;
const createLogEnds = (admin, topic) => ({
    now: (0, shared_question_1.shareQuestion)(() => (0, deadline_1.withDeadline)(admin.ends(topic), answerWithinMs, `the ends of ${topic}`)),
});
exports.createLogEnds = createLogEnds;
//# sourceMappingURL=log-ends.js.map