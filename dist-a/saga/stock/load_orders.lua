-- Writes folded decisions into a generation that is being loaded.
--
-- KEYS  1 cur · then the records
-- ARGV  1 epoch · then for each record: its text, how long to keep it in ms ('' for one whose outcome is not in the log)
--
-- Returns 'STALE' when the store is not closed at the epoch, else 'LOADED'.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '0' then return 'STALE' end
for n = 1, #KEYS - 1 do
  local text, keep = ARGV[n * 2], ARGV[n * 2 + 1]
  if keep == '' then redis.call('SET', KEYS[1 + n], text) else redis.call('SET', KEYS[1 + n], text, 'PX', keep) end
end
return 'LOADED'
