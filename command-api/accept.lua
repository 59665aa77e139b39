-- Remembers accepted commands, many a call: the first answer stands, whoever comes late.
--
-- ARGV  1 time to live ms; then per command: payload without line breaks, the answer as JSON, '1' when it has a
--       replay key
-- KEYS  per command: record (string: payload, line break, '#' and correlation id of a claim or the answer), then
--       replay key (string) if flagged
-- Returns how many were remembered now.
local ttl = ARGV[1]
local remembered, key = 0, 1
for argument = 2, #ARGV, 3 do
  local payload, json, has_replay = ARGV[argument], ARGV[argument + 1], ARGV[argument + 2] == '1'
  local record, replay = KEYS[key], nil
  key = key + 1
  if has_replay then replay, key = KEYS[key], key + 1 end

  local found = redis.call('GET', record)
  if not (found and string.find(found, '\n{', 1, true)) then
    redis.call('SET', record, payload .. '\n' .. json, 'PX', ttl)
    if replay then redis.call('SET', replay, record, 'PX', ttl) end
    remembered = remembered + 1
  end
end
return remembered
