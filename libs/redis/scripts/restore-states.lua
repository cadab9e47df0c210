-- KEYS: states of one watch, firing counters. ARGV: the watch's id, then one JSON list of states known elsewhere:
-- {field, reached, arming, since, limits}. Returns the fields it moved. A state moves forward only: to a higher arming number, or to reached in the same.
local id, list = ARGV[1], cjson.decode(ARGV[2])
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
return moved
