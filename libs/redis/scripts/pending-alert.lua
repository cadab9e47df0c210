-- Writes the entries of the pending list, which `decodePendingAlert` reads: the format is known to these two alone.
-- `field` and `watch` are JSON already; `more` is one of the texts below, or empty.
local function push(pending, kind, threshold, field, hi, lo, eventTime, raisedAt, watch, more)
  redis.call('RPUSH', pending, '{"kind":"' .. kind .. '","threshold":' .. cjson.encode(threshold) .. ',"counter":' .. field
    .. string.format(',"hi":"%.0f","lo":"%.0f"', hi, lo) .. ',"event_time":' .. cjson.encode(eventTime)
    .. ',"raised_at":' .. cjson.encode(raisedAt) .. more .. ',"watch":' .. watch .. '}')
end

-- More of a recovery by a higher limit: the number of the breach that it ends.
local function moreOfLimit(arming)
  return ',"cause":"limit","arming":' .. string.format('%.0f', arming)
end

-- More of a sliding counter. `value` is a share or a percentile, or nil: then the bound is an amount. `bound` is what
-- earlier days gave, or nil.
local function moreOfSliding(arming, cause, value, bound)
  local more = ',"arming":' .. string.format('%.0f', arming) .. ',"cause":"' .. cause .. '"'
    .. (value and string.format(',"measured":"%.6f"', value) or '')
  if bound and value then more = more .. string.format(',"bound":"%.6f"', bound[2]) end
  if bound and not value then more = more .. string.format(',"bound":"%.0f:%.0f"', bound[2], bound[3]) end
  return more
end
