-- Lets records expire whose outcomes are acknowledged in the log. A reserved order never expires.
--
-- KEYS  1 cur · then the records
-- ARGV  1 epoch · 2 how long to keep a record, ms
--
-- Returns 'STALE' when the store is not open at the epoch, else 'MARKED'.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '1' then return 'STALE' end
for i = 2, #KEYS do
  if redis.call('GETRANGE', KEYS[i], 0, 0) ~= 'R' then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
end
return 'MARKED'
