-- Lets commands in: idempotency claim and sliding-window limit, decided together, many commands a call.
--
-- A command is known (ACCEPTED, IN_FLIGHT, MISMATCH), or its user is over the limit (LIMITED), or it is CLAIMED:
-- only then is something written, and only for the lease. Repeats are answered before the limit and not counted.
-- A record is one string: payload, line break, then '#' and the claim's correlation id, or the first answer as JSON
-- once the log has the command. A string takes one write where a hash with its expiry took two, and Redis's cost
-- per command is mostly its writes, each of which goes to the append-only file as well.
--
-- Time is cut into spans as long as the window, so a window touches two of them: the one that runs and the one before.
-- Each span is one hash: by user the instants counted, and under ':' (no user's name) its number. Two keys take turns;
-- a hash with another number is an old span's. A list for each user took four calls a command, and Redis a quarter of
-- its time to find those that had expired.
-- Instants are in ms since the begin of their span, oldest first: '17 17 2042'. From the 64th on, those of one 64th
-- of the window count from the last of them, '61204*3': what a user costs is bounded, whatever the limit.
--
-- ARGV  1 lease ms, 2 most commands in a window (0: nobody is counted, no keys of spans), 3 window ms; then per command:
--       payload without line breaks, correlation id, user to count ('': none), '1' when it has a replay key
-- KEYS  spans with even and with odd numbers; then per command: record (string), replay key (string) if flagged
-- Returns per command four values:
--   'CLAIMED',   instant counted (0: none), left in the window (-1: no limit), ms until it grows
--   'ACCEPTED',  the first answer as JSON, '', ''
--   'IN_FLIGHT', ms until the lease ends, '', ''
--   'MISMATCH',  '', '', ''
--   'LIMITED',   ms until the window has room, '', ''
local lease, limit, window_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local exact = 64 -- more than the default limit, 60: by default every instant is kept as it is
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local commands, records, users = {}, {}, {}
local key = limit > 0 and 3 or 1
for argument = 4, #ARGV, 4 do
  local command = {
    payload = ARGV[argument], correlation = ARGV[argument + 1], user = ARGV[argument + 2], record = KEYS[key],
  }
  key = key + 1
  if ARGV[argument + 3] == '1' then command.replay, key = KEYS[key], key + 1 end
  if command.user ~= '' then users[#users + 1] = command.user end
  commands[#commands + 1], records[#records + 1] = command, command.record
end

local found, counted = {}, {}
for index, value in ipairs(redis.call('MGET', unpack(records))) do found[records[index]] = value end

-- A span's instants by user; none when the hash under its key is another span's.
local function read_span(number)
  local values = redis.call('HMGET', KEYS[number % 2 + 1], ':', unpack(users))
  local span = { number = number, is_held = tonumber(values[1]) == number, instants = {} }
  if span.is_held then
    for index, user in ipairs(users) do span.instants[user] = values[index + 1] end
  end
  return span
end

local running, before
if #users > 0 then
  running = read_span(math.floor(now / window_ms))
  before = read_span(running.number - 1)
end

local function known(command)
  local text, mark = found[command.record], command.payload .. '\n'
  if not text then return nil end
  if string.sub(text, 1, #mark) ~= mark then return 'MISMATCH', '' end
  local rest = string.sub(text, #mark + 1)
  if string.sub(rest, 1, 1) ~= '#' then return 'ACCEPTED', rest end
  return 'IN_FLIGHT', redis.call('PTTL', command.record)
end

-- How many of a span's instants are within the window, the first of those, and how many entries the text has.
local function within(span, user)
  local used, oldest, entries = 0, nil, 0
  for offset, times in string.gmatch(span.instants[user] or '', '(%d+)%*?(%d*)') do
    local instant = span.number * window_ms + tonumber(offset)
    entries = entries + 1
    if instant > now - window_ms then used, oldest = used + (tonumber(times) or 1), oldest or instant end
  end
  return used, oldest, entries
end

local function slice_of(offset) return math.floor(tonumber(offset) * exact / window_ms) end

local function with_now(text, entries)
  local offset = now - running.number * window_ms
  if not text then return tostring(offset) end
  if entries >= exact then
    local head, last, times = string.match(text, '^(.-)(%d+)%*?(%d*)$')
    if slice_of(last) == slice_of(offset) then return head .. offset .. '*' .. (tonumber(times) or 1) + 1 end
  end
  return text .. ' ' .. offset
end

local function count(user)
  local used_before, oldest_before = within(before, user)
  local used, oldest, entries = within(running, user)
  used, oldest = used + used_before, oldest_before or oldest or now
  local reset = oldest + window_ms - now
  if used >= limit then return nil, reset end
  running.instants[user] = with_now(running.instants[user], entries)
  counted[user] = true
  return limit - used - 1, reset
end

local answers = {}
local function answer(kind, a, b, c)
  local n = #answers
  answers[n + 1], answers[n + 2], answers[n + 3], answers[n + 4] = kind, a, b or '', c or ''
end

for _, command in ipairs(commands) do
  local kind, detail = known(command)
  local owner = command.replay and redis.call('GET', command.replay)
  if owner and owner ~= command.record then kind, detail = 'MISMATCH', '' end

  if kind then
    answer(kind, detail)
  else
    local is_counted = command.user ~= ''
    local left, reset = -1, 0
    if is_counted then left, reset = count(command.user) end
    if not left then
      answer('LIMITED', reset)
    else
      local claim = command.payload .. '\n#' .. command.correlation
      redis.call('SET', command.record, claim, 'PX', lease)
      found[command.record] = claim
      if command.replay then redis.call('SET', command.replay, command.record, 'PX', lease) end
      answer('CLAIMED', is_counted and now or 0, left, reset)
    end
  end
end

local fields = {}
for user in pairs(counted) do
  fields[#fields + 1] = user
  fields[#fields + 1] = running.instants[user]
end
if #fields > 0 then
  local span_key = KEYS[running.number % 2 + 1]
  if not running.is_held then
    -- Freed beside the commands: a hash of half a million users would hold them up for a tenth of a second.
    redis.call('UNLINK', span_key)
    redis.call('HSET', span_key, ':', running.number)
    redis.call('PEXPIRE', span_key, 2 * window_ms)
  end
  redis.call('HSET', span_key, unpack(fields))
end
return answers
