-- KEYS: marks, seeded watches of the partition, pending alerts, firing counters, partitions behind, then one hash of counters
-- per group. ARGV: one JSON object, see UsageCounters; then for each group JSON of what an alert says of it, which is not read.
local call = cjson.decode(ARGV[1])
local stored = redis.call('HGET', KEYS[1], call.field)
if stored ~= call.expected then return {0, 0, 0} end
call.pending, call.firing = KEYS[3], KEYS[4]
local FIRST_GROUP = 6

-- The value behind the amount: events and bins of latencies, of rates alone.
local function rest(value, events, bins)
  if not events then return '' end
  local storedEvents, storedBins = string.match(value or '', '^%d+:%d+:(%d+):(.*)$')
  events = events + tonumber(storedEvents or 0)
  if not bins and (storedBins or '') == '' then return string.format(':%.0f:', events) end
  local counts, texts = {}, {}
  for bin, count in string.gmatch(storedBins or '', '(%d+)=(%d+)') do counts[bin] = tonumber(count) end
  for _, pair in ipairs(bins or {}) do
    local bin = string.format('%.0f', pair[1])
    counts[bin] = (counts[bin] or 0) + pair[2]
  end
  for bin, count in pairs(counts) do texts[#texts + 1] = bin .. '=' .. string.format('%.0f', count) end
  return string.format(':%.0f:', events) .. table.concat(texts, ',')
end

local refusedKeys = 0
for index, group in ipairs(call.groups) do
  local key, context = KEYS[FIRST_GROUP - 1 + index], ARGV[1 + index]
  for _, step in ipairs(group.steps) do
    local field, addHi, addLo, at, events, bins = unpack(step)
    local value = redis.call('HGET', key, field)
    if not value and redis.call('HLEN', key) >= group.keys_max then
      refusedKeys = refusedKeys + 1
    else
      local beforeHi, beforeLo = limbs(value)
      local hi, lo = beforeHi + addHi, beforeLo + addLo
      if lo >= BASE then hi, lo = hi + 1, lo - BASE end
      if hi > HI_MAX then hi, lo, refusedKeys = HI_MAX, BASE - 1, refusedKeys + 1 end
      redis.call('HSET', key, field, string.format('%.0f:%.0f', hi, lo) .. rest(value, events, bins))
      for _, threshold in ipairs(group.thresholds) do
        if below(beforeHi, beforeLo, threshold[2], threshold[3]) and not below(hi, lo, threshold[2], threshold[3]) then
          push(KEYS[3], 'crossed', threshold[1], field, hi, lo, at, call.at, context, '')
        end
      end
    end
  end
  -- Thresholds or limit are new: what the counters have reached already is raised now.
  local recheck = group.recheck
  if recheck then
    local all = redis.call('HGETALL', key)
    for place = 1, #all, 2 do
      local hi, lo = limbs(all[place + 1])
      for _, threshold in ipairs(group.thresholds) do
        if not below(hi, lo, threshold[2], threshold[3]) then
          push(KEYS[3], 'crossed', threshold[1], all[place], hi, lo, call.at, call.at, context, '')
        end
      end
      local former, limit = recheck.former_limit, group.limit
      if former and not below(hi, lo, former[1], former[2]) and below(hi, lo, limit[1], limit[2]) then
        push(KEYS[3], 'recovered', recheck.limit_name, all[place], hi, lo, call.at, call.at, context,
          ',"cause":"limit","arming":' .. string.format('%.0f', recheck.former_arming))
      end
    end
  end
  if group.ttl > 0 then redis.call('PEXPIRE', key, string.format('%.0f', group.ttl), 'NX') end
end

for _, seed in ipairs(call.seeds) do redis.call('HSET', KEYS[2], seed[1], seed[2]) end
if call.caught_up then redis.call('HDEL', KEYS[5], call.field) end
for _, watch in ipairs(call.sliding) do
  local _, refused = judge(call, watch)
  refusedKeys = refusedKeys + refused
end
redis.call('HSET', KEYS[1], call.field, call.next)
return {1, redis.call('LLEN', KEYS[3]), refusedKeys}
