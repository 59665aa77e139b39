-- Writes folded stock and buyers' units into a generation that is being loaded.
--
-- KEYS  1 cur · 2 items · 3..2+m stock of the m items · then buyers' units
-- ARGV  1 epoch · 2 m · then for each item six: item id, total, available, reserved, sold, limit ('' for none) ·
--       then for each buyer the units
--
-- Returns 'STALE' when the store is not closed at the epoch, else 'LOADED'.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '0' then return 'STALE' end
local items = tonumber(ARGV[2])
for n = 1, items do
  local at = 3 + (n - 1) * 6
  redis.call('SADD', KEYS[2], ARGV[at])
  redis.call('HSET', KEYS[2 + n], 'total', ARGV[at + 1], 'avail', ARGV[at + 2], 'reserved', ARGV[at + 3], 'sold', ARGV[at + 4])
  if ARGV[at + 5] ~= '' then redis.call('HSET', KEYS[2 + n], 'limit', ARGV[at + 5]) end
end
for n = 1, #KEYS - 2 - items do redis.call('SET', KEYS[2 + items + n], ARGV[2 + items * 6 + n]) end
return 'LOADED'
