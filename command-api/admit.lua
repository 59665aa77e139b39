-- Lets commands in: idempotency claim and sliding-window limit, decided together, many commands a call.
--
-- A command is known (ACCEPTED, IN_FLIGHT, MISMATCH), or its user is over the limit (LIMITED), or it is CLAIMED:
-- only then is something written, and only for the lease. Repeats are answered before the limit and not counted.
-- A record is one string: payload, line break, then '#' and the claim's correlation id, or the first answer (accepted-order.ts)
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
--       its claim (payload without line breaks, line break, '#', correlation id), user to count ('': none), '1' when it
--       has a replay key
-- KEYS  spans with even and with odd numbers; then per command: record (string), replay key (string) if flagged
-- Returns per command four values:
--   'CLAIMED',   instant counted (0: none), left in the window (-1: no limit), ms until it grows
--   'ACCEPTED',  the first answer, '', ''
--   'IN_FLIGHT', ms until the lease ends, '', ''
--   'MISMATCH',  '', '', ''
--   'LIMITED',   ms until the window has room, '', ''
local lease, limit, window_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local exact = 64 -- more than the default limit, 60: by default every instant is kept as it is
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local claims, users, records, replays, counted = {}, {}, {}, {}, {}
local key = limit > 0 and 3 or 1
for argument = 4, #ARGV, 3 do
  local index, user = #claims + 1, ARGV[argument + 1]
  claims[index], users[index], records[index] = ARGV[argument], user, KEYS[key]
  key = key + 1
  if ARGV[argument + 2] == '1' then replays[index], key = KEYS[key], key + 1 end
  if user ~= '' then counted[#counted + 1] = user end
end

local held = redis.call('MGET', unpack(records))
local claimed = {} -- by record, in this call: two copies may come together

-- A span's instants by user; none when the hash under its key is another span's.
local function read_span(number)
  local values = redis.call('HMGET', KEYS[number % 2 + 1], ':', unpack(counted))
  local span = { number = number, is_held = tonumber(values[1]) == number, instants = {} }
  if span.is_held then
    for index, user in ipairs(counted) do
      local text = values[index + 1]
      if text then span.instants[user] = text end
    end
  end
  return span
end

local running, before
if #counted > 0 then
  running = read_span(math.floor(now / window_ms))
  before = read_span(running.number - 1)
end

local function known(index)
  local record = records[index]
  local text = claimed[record] or held[index]
  if not text then return nil end
  local _, mark = string.find(claims[index], '\n', 1, true)
  if string.sub(text, 1, mark) ~= string.sub(claims[index], 1, mark) then return 'MISMATCH', '' end
  local rest = string.sub(text, mark + 1)
  if string.sub(rest, 1, 1) ~= '#' then return 'ACCEPTED', rest end
  return 'IN_FLIGHT', redis.call('PTTL', record)
end

-- How many of a span's instants are within the window, the first of those, and how many entries the text has.
local function within(span, text)
  local used, oldest, entries = 0, nil, 0
  for offset, times in string.gmatch(text, '(%d+)%*?(%d*)') do
    local instant = span.number * window_ms + tonumber(offset)
    entries = entries + 1
    if instant > now - window_ms then used, oldest = used + (tonumber(times) or 1), oldest or instant end
  end
  return used, oldest, entries
end

local function slice_of(offset) return math.floor(tonumber(offset) * exact / window_ms) end

local offset_now = running and tostring(now - running.number * window_ms)

local function with_now(text, entries)
  if entries >= exact then
    local head, last, times = string.match(text, '^(.-)(%d+)%*?(%d*)$')
    if slice_of(last) == slice_of(offset_now) then return head .. offset_now .. '*' .. (tonumber(times) or 1) + 1 end
  end
  return text .. ' ' .. offset_now
end

local fields = {}
local function count(user)
  local used, oldest, entries = 0, nil, 0
  local text, text_before = running.instants[user], before.instants[user]
  if text then used, oldest, entries = within(running, text) end
  if text_before then
    local used_before, oldest_before = within(before, text_before)
    used, oldest = used + used_before, oldest_before or oldest
  end
  local reset = (oldest or now) + window_ms - now
  if used >= limit then return nil, reset end
  text = text and with_now(text, entries) or offset_now
  running.instants[user] = text
  fields[#fields + 1] = user
  fields[#fields + 1] = text
  return limit - used - 1, reset
end

local answers = {}
local function answer(kind, a, b, c)
  local n = #answers
  answers[n + 1], answers[n + 2], answers[n + 3], answers[n + 4] = kind, a, b or '', c or ''
end

-- A claim is gone in seconds, so neither the append-only file, of which it was a quarter, nor a replica gets it. Where one is
-- lost with a server, two copies may get into the log; the saga decides one order all the same.
redis.set_repl(redis.REPL_NONE)
for index, claim in ipairs(claims) do
  local record, replay, user = records[index], replays[index], users[index]
  local kind, detail = known(index)
  local owner = replay and redis.call('GET', replay)
  if owner and owner ~= record then kind, detail = 'MISMATCH', '' end

  if kind then
    answer(kind, detail)
  else
    local is_counted = user ~= ''
    local left, reset = -1, 0
    if is_counted then left, reset = count(user) end
    if not left then
      answer('LIMITED', reset)
    else
      redis.call('SET', record, claim, 'PX', lease)
      claimed[record] = claim
      if replay then redis.call('SET', replay, record, 'PX', lease) end
      answer('CLAIMED', is_counted and now or 0, left, reset)
    end
  end
end

redis.set_repl(redis.REPL_ALL)
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
