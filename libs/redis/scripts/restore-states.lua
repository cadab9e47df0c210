-- KEYS: states of one watch, firing counters, partitions behind. ARGV: the watch's id, how many partitions there are, then one
-- JSON list of states known elsewhere:
-- {field, reached, arming, since, limits}. Returns the fields it moved.
-- A state that was behind is the sign of a loss: no low sum is a statement until every partition has shown that its mark stands. A state moves forward only: to a higher arming number, or to reached in the same.
local id, partitions, list = ARGV[1], tonumber(ARGV[2]), cjson.decode(ARGV[3])
local moved = {}
for _, known in ipairs(list) do
  local field, reached, arming, since, limits = unpack(known)
  local names, storedArming = string.match(redis.call('HGET', KEYS[1], field) or '', '^(.-)|(%d+)|')
  storedArming = tonumber(storedArming or 0)
  if arming > storedArming or (arming == storedArming and names == '' and reached ~= '') then
    redis.call('HSET', KEYS[1], field, reached .. '|' .. string.format('%.0f', arming) .. '|' .. since .. '|' .. string.format('%.0f', limits))
    moved[#moved + 1] = field
    local member = id .. ' ' .. field
    if reached == '' then redis.call('SREM', KEYS[2], member) else redis.call('SADD', KEYS[2], member) end
  end
end
if #moved > 0 then
  for partition = 0, partitions - 1 do redis.call('HSET', KEYS[3], partition, 1) end
end
return moved
