-- Applies stock adjustments and limits of one partition of the log, in order, each offset once and each command once.
--
-- KEYS  1 cur · 2 adjusted · 3 commands · 4 items · then for each adjustment the stock of its item
-- ARGV  1 epoch · 2 partition · then for each adjustment five:
--       offset · S add to stock, L set the buyer's limit, X step over · command id · item id · delta, or limit ('' lifts it)
--
-- Returns 'STALE' when the store is not open at the epoch, else {'APPLIED' | 'GAP', next expected offset}.
local cur = redis.call('HMGET', KEYS[1], 'epoch', 'open')
if cur[1] ~= ARGV[1] or cur[2] ~= '1' then return 'STALE' end

local function apply(stock_key, kind, command_id, item_id, value)
  if kind == 'X' or redis.call('SADD', KEYS[3], command_id) == 0 then return end
  if redis.call('SADD', KEYS[4], item_id) == 1 then
    redis.call('HSET', stock_key, 'total', 0, 'avail', 0, 'reserved', 0, 'sold', 0)
  end
  if kind == 'S' then
    redis.call('HINCRBY', stock_key, 'total', value)
    redis.call('HINCRBY', stock_key, 'avail', value)
  elseif value == '' then
    redis.call('HDEL', stock_key, 'limit')
  else
    redis.call('HSET', stock_key, 'limit', value)
  end
end

local first = tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or 0)
local next_offset = first
local answer = 'APPLIED'
for n = 1, #KEYS - 4 do
  local at = 3 + (n - 1) * 5
  local offset = tonumber(ARGV[at])
  if offset > next_offset then
    answer = 'GAP'
    break
  end
  if offset == next_offset then
    apply(KEYS[4 + n], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4])
    next_offset = next_offset + 1
  end
end
if next_offset > first then redis.call('HSET', KEYS[2], ARGV[2], next_offset) end
return { answer, next_offset }
