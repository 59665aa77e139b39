-- Writes the ids of the stock commands that the fold has seen into a generation that is being loaded.
--
-- KEYS  1 cur · 2 commands
-- ARGV  1 epoch · then command ids
--
-- Returns 'STALE' when the store is not closed at the epoch, else 'LOADED'.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '0' then return 'STALE' end
for n = 2, #ARGV do redis.call('SADD', KEYS[2], ARGV[n]) end
return 'LOADED'
