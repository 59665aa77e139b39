-- Lets commands in: idempotency claim and sliding-window limit, decided together, many commands a call.
--
-- A command is known (ACCEPTED, IN_FLIGHT, MISMATCH), or its user is over the limit (LIMITED), or it is CLAIMED:
-- only then is something written, and only for the lease. Repeats are answered before the limit and not counted.
-- A record is one string: payload, line break, then '#' and the claim's correlation id, or the first answer as JSON
-- once the log has the command. A string takes one write where a hash with its expiry took two, and Redis's cost
-- per command is mostly its writes, each of which goes to the append-only file as well.
--
-- ARGV  1 lease ms, 2 most commands in a window, 3 window ms; then per command:
--       payload without line breaks, correlation id, flags (1 counts against a window, 2 has a replay key, 3 both)
-- KEYS  per command: record (string), then window (list of ms) if flag 1, then replay key (string) if flag 2
-- Returns per command four values:
--   'CLAIMED',   instant counted (0: none), left in the window (-1: no limit), ms until it grows
--   'ACCEPTED',  the first answer as JSON, '', ''
--   'IN_FLIGHT', ms until the lease ends, '', ''
--   'MISMATCH',  '', '', ''
--   'LIMITED',   ms until the window has room, '', ''
local lease, limit, window_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function known(record, mark)
  local found = redis.call('GET', record)
  if not found then return nil end
  if string.sub(found, 1, #mark) ~= mark then return 'MISMATCH', '' end
  local rest = string.sub(found, #mark + 1)
  if string.sub(rest, 1, 1) ~= '#' then return 'ACCEPTED', rest end
  return 'IN_FLIGHT', redis.call('PTTL', record)
end

-- Instants leave the list as they leave the window, each once, so the cost per command is constant.
local function count(window)
  local oldest = redis.call('LINDEX', window, 0)
  while oldest and tonumber(oldest) <= now - window_ms do
    redis.call('LPOP', window)
    oldest = redis.call('LINDEX', window, 0)
  end
  local used = oldest and redis.call('LLEN', window) or 0
  local reset = oldest and tonumber(oldest) + window_ms - now or window_ms
  if used >= limit then return nil, reset end
  redis.call('RPUSH', window, now)
  redis.call('PEXPIRE', window, window_ms)
  return limit - used - 1, reset
end

local answers = {}
local function answer(kind, a, b, c)
  local n = #answers
  answers[n + 1], answers[n + 2], answers[n + 3], answers[n + 4] = kind, a, b or '', c or ''
end

local key = 1
for argument = 4, #ARGV, 3 do
  local payload, correlation, flags = ARGV[argument], ARGV[argument + 1], tonumber(ARGV[argument + 2])
  local record, mark = KEYS[key], payload .. '\n'
  key = key + 1
  local window, replay
  if flags % 2 == 1 then window, key = KEYS[key], key + 1 end
  if flags >= 2 then replay, key = KEYS[key], key + 1 end

  local kind, detail = known(record, mark)
  local owner = replay and redis.call('GET', replay)
  if owner and owner ~= record then kind, detail = 'MISMATCH', '' end

  if kind then
    answer(kind, detail)
  else
    local left, reset = -1, 0
    if window then left, reset = count(window) end
    if not left then
      answer('LIMITED', reset)
    else
      redis.call('SET', record, mark .. '#' .. correlation, 'PX', lease)
      if replay then redis.call('SET', replay, record, 'PX', lease) end
      answer('CLAIMED', window and now or 0, left, reset)
    end
  end
end
return answers
