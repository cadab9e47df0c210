-- KEYS: tallies of one project in one window, and last the paces that were set for it. ARGV: how long tallies are kept in
-- milliseconds, then requests, events and bytes to add to each. Returns the three sums of each, and behind them the slowest
-- pace in force, 0 for none. A field of the paces is '<events a second>:<until when, in milliseconds>'.
local sums = {}
for i = 1, #KEYS - 1 do
  for j, kind in ipairs({'requests', 'events', 'bytes'}) do
    sums[#sums + 1] = redis.call('HINCRBY', KEYS[i], kind, ARGV[3 * i + j - 2])
  end
  redis.call('PEXPIRE', KEYS[i], ARGV[1])
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slowest = 0
for _, pace in ipairs(redis.call('HVALS', KEYS[#KEYS])) do
  local perSecond, untilMs = pace:match('^(%d+):(%d+)$')
  if tonumber(untilMs) > now and (slowest == 0 or tonumber(perSecond) < slowest) then
    slowest = tonumber(perSecond)
  end
end
sums[#sums + 1] = slowest
return sums
