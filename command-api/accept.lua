-- Remembers accepted commands, many a call: the first answer stands, whoever comes late.
--
-- ARGV  1 time to live ms; then per command: payload, the answer as JSON, '1' when it has a replay key
-- KEYS  per command: record (hash), then replay key (string) if flagged
-- Returns how many were remembered now.
local ttl = ARGV[1]
local remembered, key = 0, 1
for argument = 2, #ARGV, 3 do
  local payload, json, has_replay = ARGV[argument], ARGV[argument + 1], ARGV[argument + 2] == '1'
  local record, replay = KEYS[key], nil
  key = key + 1
  if has_replay then replay, key = KEYS[key], key + 1 end

  if redis.call('HSETNX', record, 'accepted', json) == 1 then
    redis.call('HSET', record, 'payload', payload)
    redis.call('PEXPIRE', record, ttl)
    if replay then redis.call('SET', replay, record, 'PX', ttl) end
    remembered = remembered + 1
  end
end
return remembered
