-- KEYS: the paces of one project. ARGV: who sets one, events a second, for how many milliseconds. Takes out what is over.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local paces = redis.call('HGETALL', KEYS[1])
for i = 1, #paces, 2 do
  if tonumber(paces[i + 1]:match(':(%d+)$')) <= now then redis.call('HDEL', KEYS[1], paces[i]) end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ':' .. string.format('%.0f', now + ARGV[3]))
return redis.call('PEXPIRE', KEYS[1], ARGV[3])
