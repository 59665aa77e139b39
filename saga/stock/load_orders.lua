-- Writes folded decisions into a generation that is being loaded; their outcomes are in the log, so they may expire.
--
-- KEYS  1 cur · then the records
-- ARGV  1 epoch · then for each record: its text, how long to keep it in ms
--
-- Returns 'STALE' when the store is not closed at the epoch, else 'LOADED'.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '0' then return 'STALE' end
for n = 1, #KEYS - 1 do redis.call('SET', KEYS[1 + n], ARGV[n * 2], 'PX', ARGV[n * 2 + 1]) end
return 'LOADED'
