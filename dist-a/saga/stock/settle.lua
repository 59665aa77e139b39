-- Moves orders from RESERVED to COMPLETED or FAILED by compare-and-set: units are sold or given back at most once.
--
-- KEYS  1 cur · 2..1+m stock of the m items · then for each order: its record, its buyer's units
-- ARGV  1 epoch · 2 m · then for each order one text of three, with bars between them: place of its item among the m ·
--       C or F · payment id, or reason, or reason|detail
--
-- Returns 'STALE' when the store is not open at the epoch, else for each order one text:
--       N<record> settled now · K<record> settled before · E<record> settled before, outcome in the log · M no record
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '1' then return 'STALE' end

local time = redis.call('TIME')
local now_text = string.format('%d%03d', time[1], math.floor(time[2] / 1000))
local items = tonumber(ARGV[2])

local order_keys = {}
for i = items + 2, #KEYS, 2 do order_keys[#order_keys + 1] = KEYS[i] end
local found = #order_keys > 0 and redis.call('MGET', unpack(order_keys)) or {}
local fresh, writes, replies, moves = {}, {}, {}, {}

local function move(place, amount, state)
  local sums = moves[place]
  if sums == nil then
    sums = { reserved = 0, sold = 0, avail = 0 }
    moves[place] = sums
  end
  local to = state == 'C' and 'sold' or 'avail'
  sums.reserved = sums.reserved - amount
  sums[to] = sums[to] + amount
end

for n = 1, #order_keys do
  local key = order_keys[n]
  local text = fresh[key] or found[n]
  if not text then
    replies[n] = 'M'
  elseif string.sub(text, 1, 1) ~= 'R' then
    replies[n] = (redis.call('PTTL', key) >= 0 and 'E' or 'K') .. text
  else
    local place, state, detail = string.match(ARGV[2 + n], '^(%d+)|(%a)|(.*)$')
    local amount = tonumber(string.match(text, '^.*|(%d+)|$'))
    local settled = state .. '|' .. now_text .. '|' .. string.sub(text, 17) .. detail
    fresh[key] = settled
    writes[#writes + 1] = key
    writes[#writes + 1] = settled
    replies[n] = 'N' .. settled
    move(tonumber(place), amount, state)
    if state == 'F' then redis.call('DECRBY', KEYS[items + 1 + n * 2], amount) end
  end
end

if #writes > 0 then redis.call('MSET', unpack(writes)) end
for place, sums in pairs(moves) do
  for field, delta in pairs(sums) do
    if delta ~= 0 then redis.call('HINCRBY', KEYS[1 + place], field, delta) end
  end
end
return replies
