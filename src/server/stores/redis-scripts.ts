/**
 * The operations of the store that Redis runs as one step each.
 *
 * A session is a JSON text at a key, as `redis-values.ts` describes it. Sessions with a customer also stand in an
 * index: a sorted set for each customer and bucket, whose members are session ids and whose scores are their ends.
 * A session and its index have the same hash tag, so that one script may use both in a cluster as well.
 *
 * Where a script learns the customer only from the session, it can't declare the key of the index. It then changes
 * an entry that is there, but never makes one: while slots move, the index may stand on another node, and a second
 * one here would stop the move. The reply then names the customer, and the store follows with {@link INDEX} or
 * {@link UNINDEX}.
 */

/** What stands at the key of an erased session, with the time until which its id can't be made again. */
const ERASED = 'erased'

/** Members that ended so long ago are dropped: longer than the clocks of two servers may differ. */
const DROP_AFTER_MS = 86_400_000

const WHOLE = `
local function whole(number) return string.format('%.0f', number) end`

/** A value that is no text belongs to another program, and counts as none. One that can't be read is an error. */
const GET = `
local stored = redis.pcall('GET', KEYS[1])
local failure = type(stored) == 'table' and stored.err and not string.find(stored.err, '^-?WRONGTYPE')
if failure then return stored end`

/** Puts a session into an index, which lives as long as the longest of its sessions. */
const ADD = `
local function add(index, id, ends, now)
  redis.call('ZADD', index, whole(ends), id)
  redis.call('ZREMRANGEBYSCORE', index, '-inf', whole(now - ${DROP_AFTER_MS}))
  if redis.call('PTTL', index) < ends - now then redis.call('PEXPIRE', index, whole(ends - now)) end
end`

/** Parses a stored session; nil if the text is not a session. Its customer id, if any, is a string. */
const DECODE = `
local function decode(text)
  local known, session = pcall(cjson.decode, text)
  if not known or type(session) ~= 'table' then return nil end
  if type(session.t) ~= 'number' or type(session.e) ~= 'number' then return nil end
  if type(session.c) ~= 'string' then session.c = nil end
  return session
end`

/** Renews an entry that is there. Answers whether there was one. */
const RENEW = `
local function renew(index, id, ends, now)
  local score = redis.pcall('ZSCORE', index, id)
  if type(score) ~= 'string' then return false end
  add(index, id, ends, now)
  return true
end`

/** The end after a use, as the function of this name in TypeScript says; nil where the session is over. */
const END = `
local function endAfterUse(made, ends, now, ttl, touch, maxAge)
  local last = made + maxAge
  local stored = math.min(ends, last)
  if stored <= now then return nil end
  local renewed = math.min(now + ttl, last)
  if math.abs(renewed - stored) < touch then return stored end
  return renewed
end`

/**
 * Reads a session, and renews it where due.
 *
 * KEYS: the session. ARGV: now, time to live (empty renews nothing), touch, greatest age, length of the bucket's part
 * of the key. Answers the value, or the value and a customer to index.
 */
export const READ = `${GET}
if not stored then
  -- A former master may lack the session. This writes nothing, but a replica refuses it.
  redis.call('DEL', KEYS[1])
  return false
end
if type(stored) ~= 'string' then return false end
if ARGV[2] == '' then return stored end
local made, ends = string.match(stored, '"t":(%d+)'), string.match(stored, '"e":(%d+)')
if not made or not ends then return stored end
${END}
local now = tonumber(ARGV[1])
local renewed = endAfterUse(tonumber(made), tonumber(ends), now, ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]))
if not renewed or renewed == tonumber(ends) then return stored end
${WHOLE}${DECODE}
local session = decode(stored)
if not session then return stored end
local value = string.gsub(stored, '"e":%d+', '"e":' .. whole(renewed), 1)
redis.call('SET', KEYS[1], value, 'PX', whole(renewed - now))
if not session.c then return value end
${ADD}${RENEW}
local bucket, id = string.sub(KEYS[1], 1, ARGV[5]), string.sub(KEYS[1], ARGV[5] + 1)
if renew(bucket .. ':' .. session.c, id, renewed, now) then return value end
return { value, session.c }`

/**
 * Makes a session that has a customer.
 *
 * KEYS: the session, the index. ARGV: the value, the id, now, its end.
 */
export const CREATE = `${WHOLE}${ADD}
local now, ends = tonumber(ARGV[3]), tonumber(ARGV[4])
add(KEYS[2], ARGV[2], ends, now)
return redis.call('SET', KEYS[1], ARGV[1], 'PX', whole(ends - now))`

/**
 * Merges ids into a session, or makes it. A value that is no session of ours (edited by hand, of another program)
 * counts as none, and is begun anew.
 *
 * KEYS: the session; with a customer also its index. ARGV: now, time to live, touch, greatest age, length of the
 * bucket's part of the key, '1' to create, tenant (empty for none), then pairs of letter and value. Answers the value,
 * or the value, a customer to index and a customer to take out of the index.
 */
export const MERGE = `${GET}${WHOLE}${DECODE}${ADD}${RENEW}${END}
local now, ttl, maxAge = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local erasedUntil = type(stored) == 'string' and string.match(stored, '^${ERASED} (%d+)$')
if erasedUntil and tonumber(erasedUntil) > now then return false end
local session = decode(stored)
local before, storedEnd = session and session.c, session and session.e
local ends = session and endAfterUse(session.t, session.e, now, ttl, tonumber(ARGV[3]), maxAge)
if ends then
  if (type(session.n) == 'string' and session.n or '') ~= ARGV[7] then return false end
else
  if ARGV[6] ~= '1' then return false end
  session = { t = now }
  ends = now + math.min(ttl, maxAge)
end
session.e = ends
for index = 8, #ARGV, 2 do session[ARGV[index]] = ARGV[index + 1] end
local value = cjson.encode(session)
redis.call('SET', KEYS[1], value, 'PX', whole(ends - now))
local bucket, id = string.sub(KEYS[1], 1, ARGV[5]), string.sub(KEYS[1], ARGV[5] + 1)
local toIndex, toUnindex = '', ''
if session.c == before and ends == storedEnd then
  -- The index says the same already.
elseif KEYS[2] then
  add(KEYS[2], id, ends, now)
elseif session.c and not renew(bucket .. ':' .. session.c, id, ends, now) then
  toIndex = session.c
end
if before and before ~= session.c and redis.pcall('ZREM', bucket .. ':' .. before, id) ~= 1 then
  toUnindex = before
end
if toIndex == '' and toUnindex == '' then return value end
return { value, toIndex, toUnindex }`

/**
 * Erases a session, and marks its id.
 *
 * KEYS: the session. ARGV: now, how long the mark stays, length of the bucket's part of the key. Answers 1 where there
 * was a living session, else 0; or that number and a customer to take out of the index.
 */
export const REMOVE = `${GET}${DECODE}${WHOLE}
local session, now, stays = decode(stored), tonumber(ARGV[1]), tonumber(ARGV[2])
-- A Redis whose memory is full refuses a script that begins with a SET.
if session then redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], '${ERASED} ' .. whole(now + stays), 'PX', ARGV[2])
if not session then return 0 end
local alive = session.e > now and 1 or 0
if not session.c then return alive end
local bucket, id = string.sub(KEYS[1], 1, ARGV[3]), string.sub(KEYS[1], ARGV[3] + 1)
if redis.pcall('ZREM', bucket .. ':' .. session.c, id) == 1 then return alive end
return { alive, session.c }`

/** KEYS: the index. ARGV: the id, its end, now. */
export const INDEX = `${WHOLE}${ADD}
return add(KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]))`

/** KEYS: the index. ARGV: the id. */
export const UNINDEX = `return redis.call('ZREM', KEYS[1], ARGV[1])`
