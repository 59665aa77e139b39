-- Decides orders, oldest first, and records every decision, refusals included: asked again it gives the same answer.
-- Checked in this order: duplicate, forgotten, age, sale, item, buyer's limit, stock.
--
-- KEYS  1 cur · 2..1+m stock of the m items · then for each order: its record, its buyer's units
-- ARGV  1 epoch · 2 horizon in ms · 3 m · 4 '1' when refusals are recorded with a detail · then for each order one text of five, with bars between them, because an
--       argument costs its sender more than its bytes:
--       place of its item among the m (0 for poison) · appended at, ms · absent from the log through, ms of this
--       clock (0: nobody looked) · 2 when its item was off sale, else 1 when stock is current, else 0 ·
--       payload: user|item|amount
--
-- Returns 'STALE' when the store is not open at the epoch, else for each order one text:
--       N<state><now, ms><reason, or reason|detail, of a refusal> decided now · K<record> decided before · E<record> decided before, outcome in the log ·
--       C another payload was decided · U<now, ms> a record may have expired: look it up in the log · I unknown item
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open', 'since')
if cur[1] ~= ARGV[1] or cur[2] ~= '1' then return 'STALE' end

local time = redis.call('TIME')
local now_text = string.format('%d%03d', time[1], math.floor(time[2] / 1000))
local now = tonumber(now_text)
local horizon = tonumber(ARGV[2])
local items = tonumber(ARGV[3])
local records_detail = ARGV[4] == '1'
-- Only in the first `horizon` of a log; from then on the saga says for each key up to when the log has no outcome of it.
local all_remembered = now - tonumber(cur[3] or 0) <= horizon

local stock = {}
local function stock_of(place)
  local known = stock[place]
  if known == nil then
    local read = redis.call('HMGET', KEYS[1 + place], 'avail', 'reserved', 'limit')
    known = { avail = tonumber(read[1]), reserved = tonumber(read[2]), limit = tonumber(read[3]) }
    stock[place] = known
  end
  return known
end

-- One MGET and one MSET for a batch: a call out of Lua costs more than what the script does with one order.
local order_keys = {}
for i = items + 2, #KEYS, 2 do order_keys[#order_keys + 1] = KEYS[i] end
local found = #order_keys > 0 and redis.call('MGET', unpack(order_keys)) or {}
local fresh, writes, replies = {}, {}, {}

local function record(key, state, payload, rest)
  local text = state .. '|' .. now_text .. '|' .. payload .. '|' .. rest
  fresh[key] = text
  writes[#writes + 1] = key
  writes[#writes + 1] = text
  return 'N' .. state .. now_text .. rest
end

local function known(key, text, payload, is_poison)
  if not is_poison and string.sub(text, 17, 17 + #payload) ~= payload .. '|' then return 'C' end
  if redis.call('PTTL', key) >= 0 then return 'E' .. text end
  return 'K' .. text
end

-- In the words of soldOutDetail and overLimitDetail in saga/stock-fold.ts.
local function refuse(key, payload, reason, detail)
  return record(key, 'F', payload, records_detail and (reason .. '|' .. detail) or reason)
end

local function reserve(key, buyer_key, item, amount, payload)
  if item.limit then
    local units = tonumber(redis.call('GET', buyer_key) or 0)
    if units + amount > item.limit then
      local detail = 'asked for ' .. amount .. ', holds ' .. units .. ' of at most ' .. item.limit
      return refuse(key, payload, 'LIMIT_EXCEEDED', detail)
    end
  end
  if item.avail < amount then
    local left = math.max(item.avail, 0)
    return refuse(key, payload, 'SOLD_OUT', 'asked for ' .. amount .. ', ' .. left .. ' left')
  end
  item.avail = item.avail - amount
  item.reserved = item.reserved + amount
  item.changed = true
  redis.call('INCRBY', buyer_key, amount)
  return record(key, 'R', payload, '')
end

for n = 1, #order_keys do
  local key = order_keys[n]
  local place_text, appended, absent, item_flag, payload = string.match(ARGV[4 + n], '^(%d+)|(%d+)|(%d+)|(%d)|(.*)$')
  local place = tonumber(place_text)
  local is_poison = place == 0
  local text = fresh[key] or found[n]
  if text then
    replies[n] = known(key, text, payload, is_poison)
  elseif not all_remembered and now - tonumber(absent) > horizon then
    replies[n] = 'U' .. now_text
  elseif is_poison then
    replies[n] = record(key, 'F', payload, 'UNPROCESSABLE')
  elseif now - tonumber(appended) > horizon then
    replies[n] = record(key, 'F', payload, 'EXPIRED')
  elseif item_flag == '2' then
    replies[n] = record(key, 'F', payload, 'SALE_CLOSED')
  elseif stock_of(place).avail then
    local amount = tonumber(string.match(payload, '^.*|(%d+)$'))
    replies[n] = reserve(key, KEYS[items + 1 + n * 2], stock_of(place), amount, payload)
  elseif item_flag == '1' then
    replies[n] = record(key, 'F', payload, 'UNKNOWN_ITEM')
  else
    replies[n] = 'I'
  end
end

if #writes > 0 then redis.call('MSET', unpack(writes)) end
for place, item in pairs(stock) do
  if item.changed then redis.call('HSET', KEYS[1 + place], 'avail', item.avail, 'reserved', item.reserved) end
end
return replies
