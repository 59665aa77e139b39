/** Of every stream of server-sent events. */
export const eventStreamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  // nginx would otherwise collect the events until its buffer is full.
  'X-Accel-Buffering': 'no',
};
