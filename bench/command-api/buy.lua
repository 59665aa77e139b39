-- For wrk: one order after the other, no two alike, each of a user of its own. PREFIX starts every request_id, its last eight
-- characters every user_id: without them each turn was of the same users, who soon had a dozen orders in their window.
-- ITEM is what is bought.
local prefix, item = os.getenv('PREFIX'), os.getenv('ITEM')
local run = string.sub(prefix, -8)
local headers = { ['Content-Type'] = 'application/json' }
local threads, number, thread = 0, 0, 0

function setup(one)
  one:set('thread', threads)
  threads = threads + 1
end

function request()
  number = number + 1
  local id = string.format('%d%08d', thread, number)
  local body = '{"user_id":"' .. run .. id .. '","item_id":"' .. item .. '","amount":1,"request_id":"' .. prefix .. '-' .. id .. '"}'
  return wrk.format('POST', nil, headers, body)
end

function done(summary, latency)
  local us = 'requests=%d refused=%d lost=%d us=%d p50=%d p99=%d p999=%d\n'
  local errors = summary.errors
  io.write(string.format(us, summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
