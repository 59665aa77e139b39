-- Gives back what a claim took, many commands a call: its place in the window and its id, each only when asked.
--
-- ARGV  1 window ms (0: no place is given back, no keys of spans); then per command: correlation id of the claim, user whose
--       place it is ('': none), instant counted, flags (1 frees the id, 2 has a replay key)
-- KEYS  spans with even and with odd numbers (see admit.lua); then per command: record (string), replay key if flag 2
-- Returns how many ids were freed. A record that is accepted, or that a later claim holds, is left alone.
local window_ms = tonumber(ARGV[1])

-- The text of a user's instants without one counted at `offset`, which later ones may have been counted with.
local function without(text, offset)
  local kept, is_given_back = {}, false
  for one, times in string.gmatch(text, '(%d+)%*?(%d*)') do
    local left = tonumber(times) or 1
    if not is_given_back and tonumber(one) >= offset then left, is_given_back = left - 1, true end
    if left > 0 then kept[#kept + 1] = left > 1 and one .. '*' .. left or one end
  end
  return table.concat(kept, ' ')
end

local function uncount(user, instant)
  local number = math.floor(instant / window_ms)
  local span_key = KEYS[number % 2 + 1]
  local held = redis.call('HMGET', span_key, ':', user)
  if tonumber(held[1]) ~= number or not held[2] then return end
  local left = without(held[2], instant - number * window_ms)
  if left == '' then redis.call('HDEL', span_key, user) else redis.call('HSET', span_key, user, left) end
end

local freed, key = 0, window_ms > 0 and 3 or 1
for argument = 2, #ARGV, 4 do
  local correlation, user, instant = ARGV[argument], ARGV[argument + 1], tonumber(ARGV[argument + 2])
  local flags = tonumber(ARGV[argument + 3])
  local record, replay = KEYS[key], nil
  key = key + 1
  if flags >= 2 then replay, key = KEYS[key], key + 1 end

  if user ~= '' then uncount(user, instant) end
  if flags % 2 == 1 then
    local held = redis.call('GET', record)
    if held and string.sub(held, -(#correlation + 2)) == '\n#' .. correlation then
      redis.call('DEL', record)
      if replay and redis.call('GET', replay) == record then redis.call('DEL', replay) end
      freed = freed + 1
    end
  end
end
return freed
