-- Remembers accepted commands, many a call: the first answer stands, whoever comes late.
--
-- ARGV  1 time to live ms; then per command: payload without line breaks, the answer as JSON, '1' when it has a
--       replay key
-- KEYS  per command: record (string: payload, line break, '#' and correlation id of a claim or the answer), then
--       replay key (string) if flagged
-- Returns how many were remembered now.
local ttl = ARGV[1]
local commands, records, key = {}, {}, 1
for argument = 2, #ARGV, 3 do
  local command = { text = ARGV[argument] .. '\n' .. ARGV[argument + 1], record = KEYS[key] }
  key = key + 1
  if ARGV[argument + 2] == '1' then command.replay, key = KEYS[key], key + 1 end
  commands[#commands + 1], records[#records + 1] = command, command.record
end

local found = {}
for index, value in ipairs(redis.call('MGET', unpack(records))) do found[records[index]] = value end

local remembered = 0
for _, command in ipairs(commands) do
  local record = command.record
  if not (found[record] and string.find(found[record], '\n{', 1, true)) then
    redis.call('SET', record, command.text, 'PX', ttl)
    found[record] = command.text
    if command.replay then redis.call('SET', command.replay, record, 'PX', ttl) end
    remembered = remembered + 1
  end
end
return remembered
