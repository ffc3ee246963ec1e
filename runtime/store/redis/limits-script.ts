/**
 * Token buckets and quotas of a batch of requests, decided inside Redis: the same arithmetic as `token-bucket.ts`, `quota.ts` and `limits.ts`, by Redis's
 * own clock, so that all machines agree. Nothing happens between reading and writing: Redis runs one script at a time.
 *
 * A bucket is a string `<credit> <micros>` that expires when the bucket is full again; no key is a full bucket. A key of a plan (a client) is a hash:
 * `period`, `ends` (Unix ms), `used`, `adjustment` of its quota and one field for each day, `<used> <remaining>`.
 *
 * KEYS: buckets; then for each client its hash and the set of its plan's clients.
 * ARGV: number of buckets, number of clients; per bucket gain, capacity, token (units, see token-bucket.ts); per client its id, limit (-1: no quota), period,
 * offset, what the asking process last knew (ends, used, adjustment, day, used on that day; ends 0: nothing) and how many requests it let in while it could not ask;
 * per group of alike requests: how many, three buckets and a client (0: none).
 * Answers, flat: per group let in, verdict, wait in micros (-1: for ever), which of the three buckets is short, credit of the three, left of the quota; then per
 * client ends, used, adjustment, day, used on that day.
 *
 * What the asking process knew repairs a Redis that has lost its data: counts never go back within a period as long as one gateway remembers them.
 */
import { KEPT_DAYS } from '../store.js';

/** `periodEnd(period, seconds)`: Unix seconds. Days to months and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
export const PERIOD_END = `
local function periodEnd(period, seconds)
  local day = math.floor(seconds / 86400)
  if period == 'DAY' then return (day + 1) * 86400 end
  if period == 'WEEK' then return (math.floor((day + 4) / 7) * 7 + 3) * 86400 end
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  -- Months from March, of a year that begins in March.
  local month = math.floor((5 * doy + 2) / 153) + 1
  local year = yoe + era * 400
  if month == 12 then month = 0 year = year + 1 end
  local first = math.floor((153 * month + 2) / 5)
  local era2 = math.floor(year / 400)
  local y = year - era2 * 400
  return (era2 * 146097 + y * 365 + math.floor(y / 4) - math.floor(y / 100) + first - 719468) * 86400
end
`;

export const DECIDE_LIMITS = `${PERIOD_END}
local time = redis.call('TIME')
local seconds = tonumber(time[1])
local now = seconds * 1000000 + tonumber(time[2])
local nowMs = math.floor(now / 1000)
local today = math.floor(seconds / 86400)
local nb, nc = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = 2

local credit, gain, capacity, token, touched = {}, {}, {}, {}, {}
local states = nb > 0 and redis.call('MGET', unpack(KEYS, 1, nb)) or {}
for b = 1, nb do
  gain[b], capacity[b], token[b] = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  at = at + 3
  credit[b] = capacity[b]
  if states[b] then
    local stored, since = string.match(states[b], '^(%d+) (%d+)$')
    -- A clock that was set back: nothing is gained, and from now on it counts again.
    credit[b] = math.min(capacity[b], tonumber(stored) + math.max(0, now - tonumber(since)) * gain[b])
  end
end

local clients = {}
for c = 1, nc do
  local key = KEYS[nb + 2 * c - 1]
  local id, limit, period, offset = ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], tonumber(ARGV[at + 4])
  local knownEnds, knownUsed, knownAdjustment, knownDay, knownToday, debt = tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6]), tonumber(ARGV[at + 7]), tonumber(ARGV[at + 8]), tonumber(ARGV[at + 9]), tonumber(ARGV[at + 10])
  at = at + 10
  local row = redis.call('HMGET', key, 'period', 'ends', 'used', 'adjustment', tostring(today))
  local client = { id = id, key = key, limit = limit, period = period, ends = 0, used = 0, adjustment = 0, today = 0, count = debt, isNew = not row[5], repaired = false }
  if limit >= 0 then
    local ends = row[2] and tonumber(row[2])
    if ends and row[1] == period and nowMs < ends then
      client.ends, client.used, client.adjustment = ends, tonumber(row[3]), tonumber(row[4])
    else
      client.ends = periodEnd(period, seconds) * 1000
      if not ends and offset > 0 then client.adjustment = -offset end
    end
    if knownEnds == client.ends then
      if not ends then client.adjustment = knownAdjustment end
      if knownUsed > client.used then client.used = knownUsed client.repaired = true end
    end
  end
  if row[5] then client.today = tonumber(string.match(row[5], '^%d+')) end
  if knownDay == today and knownToday > client.today then client.today = knownToday client.repaired = true end
  client.used = client.used + debt
  clients[c] = client
end

local answers = {}
while at < #ARGV do
  local count, client = tonumber(ARGV[at + 1]), clients[tonumber(ARGV[at + 5])]
  local drawn = {}
  local admitted = count
  for i = 1, 3 do
    local b = tonumber(ARGV[at + 1 + i])
    drawn[i] = b
    if b > 0 then admitted = math.min(admitted, math.floor(credit[b] / token[b])) end
  end
  at = at + 5
  local hasQuota = client and client.limit >= 0
  if hasQuota then admitted = math.min(admitted, math.max(0, client.limit + client.adjustment - client.used)) end
  if admitted > 0 then
    for i = 1, 3 do
      local b = drawn[i]
      if b > 0 then credit[b] = credit[b] - admitted * token[b] touched[b] = true end
    end
    if client then client.used = client.used + admitted client.count = client.count + admitted end
  end
  local verdict, wait, short = 0, 0, 0
  if admitted < count then
    for i = 1, 3 do
      local b = drawn[i]
      if b > 0 and credit[b] < token[b] then
        local needed = (capacity[b] < token[b] or gain[b] == 0) and math.huge or math.ceil((token[b] - credit[b]) / gain[b])
        if needed > wait then wait, short, verdict = needed, i, 1 end
      end
    end
    if verdict == 0 then verdict = 2 wait = client.ends * 1000 - now end
  end
  local n = #answers
  answers[n + 1], answers[n + 2], answers[n + 3], answers[n + 4] = admitted, verdict, wait == math.huge and -1 or wait, short
  for i = 1, 3 do answers[n + 4 + i] = drawn[i] > 0 and credit[drawn[i]] or 0 end
  answers[n + 8] = hasQuota and math.max(0, client.limit + client.adjustment - client.used) or 0
end

local function text(number) return string.format('%.0f', number) end
local kept = ${KEPT_DAYS} * 86400
for b = 1, nb do
  if touched[b] then
    -- Never refilled: kept as long as anything.
    local left = gain[b] == 0 and kept * 1000 or math.ceil((capacity[b] - credit[b]) / gain[b] / 1000) + 1000
    redis.call('SET', KEYS[b], text(credit[b]) .. ' ' .. text(now), 'PX', text(math.min(left, kept * 1000)))
  end
end
for c = 1, nc do
  local client = clients[c]
  if client.count > 0 or client.repaired then
    local remaining = client.limit >= 0 and text(math.max(0, client.limit + client.adjustment - client.used)) or ''
    client.today = client.today + client.count
    redis.call('HSET', client.key, text(today), text(client.today) .. ' ' .. remaining)
    if client.limit >= 0 then redis.call('HSET', client.key, 'period', client.period, 'ends', text(client.ends), 'used', text(client.used), 'adjustment', text(client.adjustment)) end
    if client.isNew then
      for _, field in ipairs(redis.call('HKEYS', client.key)) do
        local day = tonumber(field)
        if day and day < today - ${KEPT_DAYS} then redis.call('HDEL', client.key, field) end
      end
      redis.call('EXPIRE', client.key, kept)
      redis.call('SADD', KEYS[nb + 2 * c], client.id)
      redis.call('EXPIRE', KEYS[nb + 2 * c], kept)
    end
  end
  local n = #answers
  answers[n + 1], answers[n + 2], answers[n + 3], answers[n + 4], answers[n + 5] = client.ends, client.used, client.adjustment, today, client.today
end
return answers`;

/** KEYS: hash of the client, set of its plan's clients. ARGV: id, limit, period, offset, what shall remain (or '': only tell). Answers what remains. */
export const GRANT_QUOTA = `${PERIOD_END}
local seconds = tonumber(redis.call('TIME')[1])
local today = string.format('%.0f', math.floor(seconds / 86400))
local row = redis.call('HMGET', KEYS[1], 'period', 'ends', 'used', 'adjustment', today)
local limit, period = tonumber(ARGV[2]), ARGV[3]
local ends, used, adjustment = row[2] and tonumber(row[2]), 0, 0
if ends and row[1] == period and seconds * 1000 < ends then
  used, adjustment = tonumber(row[3]), tonumber(row[4])
else
  if not ends and tonumber(ARGV[4]) > 0 then adjustment = -tonumber(ARGV[4]) end
  ends = periodEnd(period, seconds) * 1000
end
if ARGV[5] == '' then return math.max(0, limit + adjustment - used) end
adjustment = tonumber(ARGV[5]) + used - limit
local usedToday = row[5] and string.match(row[5], '^%d+') or '0'
redis.call('HSET', KEYS[1], 'period', period, 'ends', string.format('%.0f', ends), 'used', string.format('%.0f', used), 'adjustment', string.format('%.0f', adjustment), today, usedToday .. ' ' .. ARGV[5])
redis.call('EXPIRE', KEYS[1], ${KEPT_DAYS} * 86400)
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('EXPIRE', KEYS[2], ${KEPT_DAYS} * 86400)
return tonumber(ARGV[5])`;
