-- Takes the store for a new generation and closes it: from here on no script of another epoch does anything.
--
-- KEYS  1 cur
-- ARGV  1 epoch · 2 run id of this server
--
-- Returns 1, or 0 when a newer epoch has the store.
if tonumber(redis.call('HGET', KEYS[1], 'epoch') or -1) > tonumber(ARGV[1]) then return 0 end
-- DEL comes first at maxmemory too: Redis refuses HSET there, unless the script has written already.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'open', '0', 'run_id', ARGV[2])
return 1
