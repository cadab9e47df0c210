-- Holds counters of one sliding watch against its bounds. All keys that a watch names share the slot of the pending list.
-- A value in a bucket is `<hi>:<lo>:<events>:<bin>=<count>,...`; the state of a counter `<reached>|<arming>|<since>|<limits>`,
-- reached being the names of thresholds; the state under the empty field `<version>|<bucket>` of whoever judged last.
local FIELDS_AT_ONCE = 500

local function addBins(sum, bins)
  sum.bins = sum.bins or {}
  for bin, count in string.gmatch(bins, '(%d+)=(%d+)') do
    bin = tonumber(bin)
    sum.bins[bin] = (sum.bins[bin] or 0) + tonumber(count)
  end
end

local function sumBuckets(watch, fields, last)
  local sums = {}
  for place = 1, #fields do sums[place] = {hi = 0, lo = 0, events = 0} end
  for bucket = last - watch.buckets_of_a_span + 1, last + watch.buckets_ahead do
    local values = redis.call('HMGET', watch.buckets .. string.format('%.0f', bucket * watch.bucket_ms), unpack(fields))
    for place = 1, #fields do
      if values[place] then
        local sum = sums[place]
        local hi, lo, events, bins = string.match(values[place], '^(%d+):(%d+):?(%d*):?(.*)$')
        sum.hi, sum.lo, sum.events = sum.hi + tonumber(hi), sum.lo + tonumber(lo), sum.events + (tonumber(events) or 0)
        if bins ~= '' then addBins(sum, bins) end
      end
    end
  end
  for _, sum in ipairs(sums) do
    sum.hi, sum.lo = sum.hi + math.floor(sum.lo / BASE), sum.lo % BASE
  end
  return sums
end

-- The middle of the bin that holds the event of the rank that the percentile asks for.
local function percentileOf(watch, sum)
  local rank, last, seen = math.ceil(watch.percentile * sum.events), 0, 0
  for bin in pairs(sum.bins or {}) do last = math.max(last, bin) end
  for bin = 0, last do
    seen = seen + ((sum.bins or {})[bin] or 0)
    if seen >= rank then return 2 * math.pow(watch.growth, bin) / (watch.growth + 1) end
  end
  return 0
end

local function measure(watch, sum)
  if watch.by == 'share' then return sum.events == 0 and 0 or sum.hi * (BASE / sum.events) + sum.lo / sum.events end
  if watch.by == 'latency' then return sum.events == 0 and 0 or percentileOf(watch, sum) end
end

-- The thresholds with their bounds: a list of the watch's own, or one bound that earlier days gave this counter.
local function boundsOf(watch, field)
  if not watch.baseline then return watch.thresholds end
  local bound = redis.call('HGET', watch.baseline, field)
  if not bound then return {} end
  if watch.by ~= 'amount' then return {{watch.bound_name, tonumber(bound)}} end
  return {{watch.bound_name, limbs(bound)}}
end

local function reachedOf(watch, sum, value, bounds)
  local reached = {}
  if sum.events < watch.events_min then return reached end
  for _, bound in ipairs(bounds) do
    local isBelow
    if value then isBelow = value < bound[2] else isBelow = below(sum.hi, sum.lo, bound[2], bound[3]) end
    if not isBelow then reached[bound[1]] = true end
  end
  return reached
end

-- Whether every partition has brought its usage, and none is behind its mark: only then is a low sum a statement.
local function isComplete(watch)
  if watch.complete == nil then
    watch.complete = redis.call('HLEN', watch.behind) == 0
    for partition = 0, watch.partitions - 1 do
      if watch.complete then
        watch.complete = redis.call('HEXISTS', watch.seeded .. partition, watch.definition) == 1
      end
    end
  end
  return watch.complete
end

-- Judges one counter. Returns 1 when that has to wait until every partition has brought its usage.
local function judgeCounter(call, watch, field, eventTime, sum)
  local stored = redis.call('HGET', watch.states, field)
  local names, arming, limits = '', 1, watch.limits_arming
  if stored then
    local storedArming, storedLimits
    names, storedArming, storedLimits = string.match(stored, '^(.-)|(%d+)|.-|(%d+)$')
    arming, limits = tonumber(storedArming), tonumber(storedLimits)
  end
  local value, bounds = measure(watch, sum), boundsOf(watch, field)
  local now, before = reachedOf(watch, sum, value, bounds), {}
  -- New limits raise anew what is reached.
  local isAnew = names ~= '' and limits ~= watch.limits_arming
  local isFalling = isAnew
  for name in string.gmatch(names, '[^,]+') do
    before[name] = true
    if not now[name] then isFalling = true end
  end
  if (isFalling or value) and not isComplete(watch) then return 1 end

  local function raise(kind, name, cause)
    local bound = watch.baseline and bounds[1]
    push(call.pending, kind, name, field, sum.hi, sum.lo, eventTime, call.at, watch.watch,
      moreOfSliding(arming, cause, value, bound))
  end

  if before[watch.bound_name] and not now[watch.bound_name] then
    raise('recovered', watch.bound_name, isAnew and 'limit' or 'window')
  end
  if isFalling then arming = arming + 1 end
  local list = {}
  for _, bound in ipairs(bounds) do
    local name = bound[1]
    if now[name] then
      list[#list + 1] = name
      if isAnew or not before[name] then raise('crossed', name, '') end
    end
  end
  local reached = table.concat(list, ',')
  if reached ~= names or isFalling then
    redis.call('HSET', watch.states, field, reached .. '|' .. string.format('%.0f', arming) .. '|' .. call.at .. '|' .. watch.limits_arming)
    local member = watch.id .. ' ' .. field
    if reached == '' then redis.call('SREM', call.firing, member) else redis.call('SADD', call.firing, member) end
  end
  return 0
end

-- Judges the counters `watch.counters`, pairs of field and time of the event behind it. Returns how many have to wait, and
-- how many were refused because the watch remembers as many counters as it may.
local function judge(call, watch)
  local version, last = string.match(redis.call('HGET', watch.states, '') or '', '^(%d+)|(%d+)$')
  version, last = tonumber(version or 0), tonumber(last or 0)
  -- Others know of a later change of the watch: what this caller thinks of it is over.
  if watch.version < version then return 0, 0 end
  -- Aggregators' clocks differ too: a span that has moved on does not come back.
  local bucket = watch.bucket
  if last > bucket and last <= bucket + watch.buckets_ahead then bucket = last end
  if watch.version ~= version or bucket ~= last then
    redis.call('HSET', watch.states, '', string.format('%.0f|%.0f', watch.version, bucket))
  end
  if watch.baseline and redis.call('EXISTS', watch.baseline) == 0 then return #watch.counters, 0 end

  local waiting, refused = 0, 0
  for first = 1, #watch.counters, FIELDS_AT_ONCE do
    local fields = {}
    for place = first, math.min(first + FIELDS_AT_ONCE - 1, #watch.counters) do
      fields[#fields + 1] = watch.counters[place][1]
    end
    local sums = sumBuckets(watch, fields, bucket)
    for place, field in ipairs(fields) do
      if redis.call('HLEN', watch.states) > watch.keys_max and redis.call('HEXISTS', watch.states, field) == 0 then
        refused = refused + 1
      else
        waiting = waiting + judgeCounter(call, watch, field, watch.counters[first + place - 1][2], sums[place])
      end
    end
  end
  return waiting, refused
end
