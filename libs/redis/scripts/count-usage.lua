-- KEYS: marks, seeded watches of the partition, pending alerts, firing counters, partitions behind, watches that are being
-- seeded, then one hash of counters per group. ARGV: one JSON object, see UsageCounters; then for each group JSON of what an alert says of it, which is not read;
-- then the times of the events behind the steps, as JSON: one list for each group.
local call = cjson.decode(ARGV[1])
local stored = redis.call('HGET', KEYS[1], call.field)
if stored ~= call.expected then return {0, 0, 0, '', 0} end
call.pending, call.firing = KEYS[3], KEYS[4]
local FIRST_GROUP = 7
-- What `unpack` puts on the stack, twice as much for writing, is bounded.
local STEPS_AT_ONCE = 500
-- A slice of a recheck is over its bound by no more than a page, whose counters may all be told of.
local ALERTS_OF_A_PAGE = 50
-- Beside a counter that is read and held against thresholds.
local WORK_OF_AN_ALERT = 5

-- The value behind the amount: events and bins of latencies, of rates alone.
local function rest(value, events, bins)
  local storedEvents, storedBins = string.match(value or '', '^%d+:%d+:(%d+):(.*)$')
  events = events + tonumber(storedEvents or 0)
  if #bins == 0 and (storedBins or '') == '' then return string.format(':%.0f:', events) end
  local counts, texts = {}, {}
  for bin, count in string.gmatch(storedBins or '', '(%d+)=(%d+)') do counts[bin] = tonumber(count) end
  for _, pair in ipairs(bins) do
    local bin = string.format('%.0f', pair[1])
    counts[bin] = (counts[bin] or 0) + pair[2]
  end
  for bin, count in pairs(counts) do texts[#texts + 1] = bin .. '=' .. string.format('%.0f', count) end
  return string.format(':%.0f:', events) .. table.concat(texts, ',')
end

local refusedKeys = 0

local decodedTimes
-- When the event behind a step happened: only a crossing asks.
local function timeOf(index, place)
  decodedTimes = decodedTimes or cjson.decode(ARGV[#ARGV])
  return decodedTimes[index][place]
end

-- Adds the steps of a group from one place to another. A field may come twice.
local function add(index, group, first, last)
  local key, context = KEYS[FIRST_GROUP - 1 + index], ARGV[1 + index]
  local stored, size = redis.call('HMGET', key, unpack(group.fields, first, last)), redis.call('HLEN', key)
  local values, order = {}, {}
  for place = first, last do
    local field = group.fields[place]
    local value = values[field] or stored[place - first + 1]
    if not value and size >= group.keys_max then
      refusedKeys = refusedKeys + 1
    else
      if not value then size = size + 1 end
      if not values[field] then order[#order + 1] = field end
      local beforeHi, beforeLo = limbs(value)
      local hi, lo = beforeHi + group.his[place], beforeLo + group.los[place]
      if lo >= BASE then hi, lo = hi + 1, lo - BASE end
      if hi > HI_MAX then hi, lo, refusedKeys = HI_MAX, BASE - 1, refusedKeys + 1 end
      values[field] = string.format('%.0f:%.0f', hi, lo)
      if group.events then values[field] = values[field] .. rest(value, group.events[place], group.bins[place]) end
      for _, threshold in ipairs(group.thresholds) do
        if below(beforeHi, beforeLo, threshold[2], threshold[3]) and not below(hi, lo, threshold[2], threshold[3]) then
          push(KEYS[3], 'crossed', threshold[1], field, hi, lo, timeOf(index, place), call.at, context, '')
        end
      end
    end
  end
  local changes = {}
  for _, field in ipairs(order) do
    changes[#changes + 1] = field
    changes[#changes + 1] = values[field]
  end
  if #changes > 0 then redis.call('HSET', key, unpack(changes)) end
end

-- Thresholds or limit are new: what the counters have reached already is raised now, some of them a call. Returns where the next
-- call goes on, '0' behind the last, and how much work it was.
local function hold(key, group, context)
  local recheck, work = group.recheck, 0
  local cursor, former, limit = recheck.cursor, recheck.former_limit, group.limit
  local pageMax = math.ceil(math.min(ALERTS_OF_A_PAGE, recheck.work_max) / (#group.thresholds + 1))
  if #group.thresholds == 0 and not former then return '0', work end
  local function raise(kind, threshold, field, hi, lo, more)
    push(KEYS[3], kind, threshold, field, hi, lo, call.at, call.at, context, more)
    work = work + WORK_OF_AN_ALERT
  end
  repeat
    local page = redis.call('HSCAN', key, cursor, 'COUNT', pageMax)
    local counters = page[2]
    for place = 1, #counters, 2 do
      local field, hi, lo = counters[place], limbs(counters[place + 1])
      for _, threshold in ipairs(group.thresholds) do
        if not below(hi, lo, threshold[2], threshold[3]) then raise('crossed', threshold[1], field, hi, lo, '') end
      end
      if former and not below(hi, lo, former[1], former[2]) and below(hi, lo, limit[1], limit[2]) then
        raise('recovered', recheck.limit_name, field, hi, lo, moreOfLimit(recheck.former_arming))
      end
    end
    cursor, work = page[1], work + #counters / 2
  until cursor == '0' or work >= recheck.work_max
  return cursor, work
end

local recheckedTo, recheckWork = '', 0
for index, group in ipairs(call.groups) do
  local key, context = KEYS[FIRST_GROUP - 1 + index], ARGV[1 + index]
  for first = 1, #group.fields, STEPS_AT_ONCE do
    add(index, group, first, math.min(first + STEPS_AT_ONCE - 1, #group.fields))
  end
  if group.recheck then
    recheckedTo, recheckWork = hold(key, group, context)
    if recheckedTo == '0' then call.seeds[#call.seeds + 1] = {group.recheck.definition, group.recheck.revision} end
  end
  if group.ttl > 0 then redis.call('PEXPIRE', key, string.format('%.0f', group.ttl), 'NX') end
end

-- A watch is seeded or being seeded, never both: half a sum must not pass for a whole one.
for _, seed in ipairs(call.seeds) do
  redis.call('HSET', KEYS[2], seed[1], seed[2])
  redis.call('HDEL', KEYS[6], seed[1])
end
for _, seed in ipairs(call.seeding) do
  redis.call('HDEL', KEYS[2], seed[1])
  if seed[2] == '' then redis.call('HDEL', KEYS[6], seed[1]) else redis.call('HSET', KEYS[6], seed[1], seed[2]) end
end
if call.level == 'caught_up' then redis.call('HDEL', KEYS[5], call.field) end
if call.level == 'behind' then redis.call('HSET', KEYS[5], call.field, 1) end
for _, watch in ipairs(call.sliding) do
  local _, refused = judge(call, watch)
  refusedKeys = refusedKeys + refused
end
redis.call('HSET', KEYS[1], call.field, call.next)
return {1, redis.call('LLEN', KEYS[3]), refusedKeys, recheckedTo, recheckWork}
