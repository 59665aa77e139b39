-- Opens the generation that was loaded, if it is still ours and still closed.
--
-- KEYS  1 cur · 2 adjusted
-- ARGV  1 epoch · 2 run id · 3 remembered since, ms · 4 started epochs as JSON · then pairs: partition, next offset
--
-- Returns 1, or 0 when another generation has the store.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open', 'run_id')
if cur[1] ~= ARGV[1] or cur[2] ~= '0' or cur[3] ~= ARGV[2] then return 0 end
for i = 5, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], 'open', '1', 'since', ARGV[3], 'epochs', ARGV[4])
return 1
