-- Begins every script that counts. Amounts are two limbs to the base 1e12, each below 2^53: exact in doubles.
local BASE = 1e12
-- A counter holds no more: below it, the sum of two is exact.
local HI_MAX = 4503599627370495

local function limbs(value)
  if not value then return 0, 0 end
  local hi, lo = string.match(value, '^(%d+):(%d+)')
  return tonumber(hi), tonumber(lo)
end

local function below(hi, lo, otherHi, otherLo)
  return hi < otherHi or (hi == otherHi and lo < otherLo)
end

-- One line of the pending list. `field` and `watch` are JSON already; `more` is JSON of further members or empty.
local function push(pending, kind, threshold, field, hi, lo, eventTime, raisedAt, watch, more)
  redis.call('RPUSH', pending, '{"kind":"' .. kind .. '","threshold":' .. cjson.encode(threshold) .. ',"counter":' .. field
    .. string.format(',"hi":"%.0f","lo":"%.0f"', hi, lo) .. ',"event_time":' .. cjson.encode(eventTime)
    .. ',"raised_at":' .. cjson.encode(raisedAt) .. more .. ',"watch":' .. watch .. '}')
end
