-- KEYS: marks, seeded budgets of the partition, pending alerts, then one hash of counters per group.
-- ARGV: one JSON object, see CountUsage. Amounts are two limbs to the base 1e12, each below 2^53: exact in doubles.
local BASE = 1e12
local call = cjson.decode(ARGV[1])
local stored = redis.call('HGET', KEYS[1], call.field)
if stored ~= call.expected then return {0, 0, 0} end

local function limbs(value)
  if not value then return 0, 0 end
  local colon = string.find(value, ':', 1, true)
  return tonumber(string.sub(value, 1, colon - 1)), tonumber(string.sub(value, colon + 1))
end

local function below(hi, lo, otherHi, otherLo)
  return hi < otherHi or (hi == otherHi and lo < otherLo)
end

local function push(kind, group, threshold, field, hi, lo, at)
  redis.call('RPUSH', KEYS[3], '{"kind":"' .. kind .. '","threshold":' .. cjson.encode(threshold) .. ',"counter":' .. field
    .. string.format(',"hi":"%.0f","lo":"%.0f"', hi, lo) .. ',"event_time":' .. cjson.encode(at)
    .. ',"watch":' .. group.watch .. '}')
end

local refusedKeys = 0
for index, group in ipairs(call.groups) do
  local key = KEYS[3 + index]
  for _, step in ipairs(group.steps) do
    local field, addHi, addLo, at = step[1], step[2], step[3], step[4]
    local value = redis.call('HGET', key, field)
    if not value and redis.call('HLEN', key) >= group.keys_max then
      refusedKeys = refusedKeys + 1
    else
      local beforeHi, beforeLo = limbs(value)
      local hi, lo = beforeHi + addHi, beforeLo + addLo
      if lo >= BASE then hi, lo = hi + 1, lo - BASE end
      redis.call('HSET', key, field, string.format('%.0f:%.0f', hi, lo))
      for _, threshold in ipairs(group.thresholds) do
        if below(beforeHi, beforeLo, threshold[2], threshold[3]) and not below(hi, lo, threshold[2], threshold[3]) then
          push('crossed', group, threshold[1], field, hi, lo, at)
        end
      end
    end
  end
  -- Thresholds or limit are new: what the counters have reached already is raised now.
  if group.recheck then
    local all = redis.call('HGETALL', key)
    for place = 1, #all, 2 do
      local hi, lo = limbs(all[place + 1])
      for _, threshold in ipairs(group.thresholds) do
        if not below(hi, lo, threshold[2], threshold[3]) then
          push('crossed', group, threshold[1], all[place], hi, lo, group.at)
        end
      end
      local former, limit = group.former_limit, group.limit
      if former and not below(hi, lo, former[1], former[2]) and below(hi, lo, limit[1], limit[2]) then
        push('recovered', group, '', all[place], hi, lo, group.at)
      end
    end
  end
  if group.expire_at > 0 then redis.call('PEXPIREAT', key, string.format('%.0f', group.expire_at), 'NX') end
end

for _, seed in ipairs(call.seeds) do redis.call('HSET', KEYS[2], seed[1], seed[2]) end
redis.call('HSET', KEYS[1], call.field, call.next)
return {1, redis.call('LLEN', KEYS[3]), refusedKeys}
