-- Gives back what a claim took, many commands a call: the place in the window always, the id only when asked.
--
-- ARGV  per command: correlation id of the claim, instant counted (0: none), flags (1 frees the id, 2 has a replay key)
-- KEYS  per command: record (string, see admit.lua), then window (list) if an instant was counted, then replay key if flag 2
-- Returns how many ids were freed. A record that is accepted, or that a later claim holds, is left alone.
local freed, key = 0, 1
for argument = 1, #ARGV, 3 do
  local correlation, instant, flags = ARGV[argument], ARGV[argument + 1], tonumber(ARGV[argument + 2])
  local record, window, replay = KEYS[key], nil, nil
  key = key + 1
  if instant ~= '0' then window, key = KEYS[key], key + 1 end
  if flags >= 2 then replay, key = KEYS[key], key + 1 end

  if window then redis.call('LREM', window, -1, instant) end
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
