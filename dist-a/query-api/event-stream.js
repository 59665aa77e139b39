"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.eventStreamHeaders = void 0;
/** Of every stream of server-sent events. */
exports.eventStreamHeaders = {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    // nginx would otherwise collect the events until its buffer is full.
    'X-Accel-Buffering': 'no',
};
//# sourceMappingURL=event-stream.js.map