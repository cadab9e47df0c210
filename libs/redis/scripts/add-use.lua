-- KEYS: tallies of one project in one window. ARGV: how long they are kept in milliseconds, then requests, events and bytes to
-- add to each. Returns the three sums of each.
local sums = {}
for i, key in ipairs(KEYS) do
  for j, kind in ipairs({'requests', 'events', 'bytes'}) do
    sums[#sums + 1] = redis.call('HINCRBY', key, kind, ARGV[3 * i + j - 2])
  end
  redis.call('PEXPIRE', key, ARGV[1])
end
return sums
