-- Reads the stock of items at one moment.
--
-- KEYS  1 cur · then stock of the items
-- ARGV  1 epoch
--
-- Returns 'STALE' when the store is not open at the epoch, else for each item {total, available, reserved, sold, limit}.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '1' then return 'STALE' end
local items = {}
for n = 2, #KEYS do items[n - 1] = redis.call('HMGET', KEYS[n], 'total', 'avail', 'reserved', 'sold', 'limit') end
return items
