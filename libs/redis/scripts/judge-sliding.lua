-- KEYS: pending alerts, firing counters. ARGV: one JSON object: the time, and sliding watches with counters to judge.
-- For the clock: what time alone has brought back below its bounds, and new bounds.
local call = cjson.decode(ARGV[1])
call.pending, call.firing = KEYS[1], KEYS[2]
local waiting, refused = 0, 0
for _, watch in ipairs(call.watches) do
  local moreWaiting, moreRefused = judge(call, watch)
  waiting, refused = waiting + moreWaiting, refused + moreRefused
end
return {waiting, redis.call('LLEN', KEYS[1]), refused}
