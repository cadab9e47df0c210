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
