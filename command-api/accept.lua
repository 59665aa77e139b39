-- Remembers accepted commands, many a call: the first answer stands, whoever comes late.
--
-- ARGV  1 time to live ms; then per command: its record (payload without line breaks, line break, the answer), '1' when it
--       has a replay key
-- KEYS  per command: record (string: payload, line break, '#' and correlation id of a claim or the answer), then
--       replay key (string) if flagged
-- Returns how many were remembered now.
local ttl = ARGV[1]
local texts, records, replays, key = {}, {}, {}, 1
for argument = 2, #ARGV, 2 do
  local index = #texts + 1
  texts[index], records[index] = ARGV[argument], KEYS[key]
  key = key + 1
  if ARGV[argument + 1] == '1' then replays[index], key = KEYS[key], key + 1 end
end

local held = redis.call('MGET', unpack(records))
local remembered, count = {}, 0
for index, record in ipairs(records) do
  local text = held[index]
  if not (remembered[record] or text and not string.find(text, '\n#', 1, true)) then
    redis.call('SET', record, texts[index], 'PX', ttl)
    remembered[record], count = true, count + 1
    if replays[index] then redis.call('SET', replays[index], record, 'PX', ttl) end
  end
end
return count
