"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startAuditSampler = void 0;
const ioredis_1 = require("ioredis");
const deadline_1 = require("../../chassis/deadline");
const everyMs = 100;
const fields = ['total', 'avail', 'reserved', 'sold'];
/**
 * One script, so that all items are seen at one moment, and Redis' own clock, so that a decision's time compares.
 * Written here and not shared with the saga: a sampler that counts as the saga counts would miss what it miscounts.
 */
const script = `
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if not cur[1] then return {} end
local time = redis.call('TIME')
local prefix = ARGV[1] .. 'e' .. cur[1] .. ':'
local rows = { time[1], time[2], cur[1], cur[2] or '0' }
for _, item in ipairs(redis.call('SMEMBERS', prefix .. 'items')) do
  local units = redis.call('HMGET', prefix .. 'stock:' .. item, 'total', 'avail', 'reserved', 'sold')
  rows[#rows + 1] = item
  for field = 1, 4 do rows[#rows + 1] = units[field] or '0' end
end
return rows`;
const toSample = (rows) => {
    const [seconds, micros, epoch, open, ...units] = rows;
    if (seconds === undefined)
        return undefined;
    const items = {};
    for (let at = 0; at + 4 < units.length; at += 5) {
        const counted = fields.map((field, index) => [field, Number(units[at + 1 + index])]);
        items[units[at] ?? ''] = Object.fromEntries(counted);
    }
    const at = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    return { at, epoch: Number(epoch), open: open === '1', items };
};
const startAuditSampler = (url, saleId, folder) => {
    const redis = new ioredis_1.Redis(url, {
        maxRetriesPerRequest: 0,
        enableOfflineQueue: false,
        commandTimeout: 1_000,
        retryStrategy: () => 200,
    });
    redis.on('error', () => undefined);
    const stopping = new AbortController();
    const sampling = (async () => {
        while (!stopping.signal.aborted) {
            try {
                const rows = (await redis.eval(script, 1, `{${saleId}}:cur`, `{${saleId}}:`));
                const sample = toSample(rows);
                if (sample)
                    folder.append('audits', sample);
            }
            catch {
                // Redis is what the run breaks: no sample then.
            }
            await (0, deadline_1.pause)(everyMs, stopping.signal);
        }
    })();
    return {
        stop: async () => {
            stopping.abort();
            await sampling;
            redis.disconnect();
        },
    };
};
exports.startAuditSampler = startAuditSampler;
//# sourceMappingURL=audit-sampler.js.map