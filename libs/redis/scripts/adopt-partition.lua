-- KEYS: marks, seeded watches of the partition, partitions behind, watches that are being seeded. ARGV: field, cluster, epoch, position if there is no mark, sequence.
-- Puts the caller's name on the mark, so that nobody else's call, nor an older one of its own, counts from now on.
local field, cluster, epoch, position, sequence = unpack(ARGV)
local stored = redis.call('HGET', KEYS[1], field)
local storedCluster, next = cluster, position
if stored then
  local storedEpoch
  storedCluster, storedEpoch, next = string.match(stored, '^(.-)|(%d+)|(%d+)|')
  if storedCluster == cluster and tonumber(storedEpoch) > tonumber(epoch) then return {'refused'} end
else
  redis.call('DEL', KEYS[2], KEYS[4])
end
local mark = storedCluster .. '|' .. epoch .. '|' .. next .. '|' .. sequence
redis.call('HSET', KEYS[1], field, mark)
redis.call('HSET', KEYS[3], field, 1)
return {mark, storedCluster, next, redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[4])}
