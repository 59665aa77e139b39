-- Politeness between processes that would rebuild the store at the same time; nothing rests on it.
--
-- KEYS  1 lease
-- ARGV  1 holder · 2 for how long, ms
--
-- Returns 1 when the holder has the lease now, else 0.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
-- At maxmemory Redis refuses SET, unless the script has written already; a rebuild is what gives memory back.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
