/** Records in Redis: one hash for each kind, id → `<version>:<json>`. Changed by scripts, so that version, value and notice belong together. */

/** KEYS: hash, version counter. ARGV: id, json, expected version or '', channel, kind. Answers the new version, or nil. */
export const PUT_RECORD = `
if ARGV[3] ~= '' then
  local old = redis.call('HGET', KEYS[1], ARGV[1])
  if (old and string.match(old, '^%d+') or '0') ~= ARGV[3] then return nil end
end
local version = redis.call('INCR', KEYS[2])
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f:', version) .. ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return version`;

/** KEYS: as above. ARGV: id, expected version or '', channel, kind. Answers 1 or 0. */
export const REMOVE_RECORD = `
local old = redis.call('HGET', KEYS[1], ARGV[1])
if not old or (ARGV[2] ~= '' and string.match(old, '^%d+') ~= ARGV[2]) then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('INCR', KEYS[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;
