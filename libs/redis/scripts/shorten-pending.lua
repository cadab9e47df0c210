-- KEYS: pending alerts. ARGV: entries that are acknowledged, oldest first.
-- Takes away as many of them as still stand at the head: another drain may have been faster.
local count = 0
local head = redis.call('LRANGE', KEYS[1], 0, #ARGV - 1)
while count < #head and head[count + 1] == ARGV[count + 1] do count = count + 1 end
if count > 0 then redis.call('LTRIM', KEYS[1], count, -1) end
return redis.call('LLEN', KEYS[1])
