-- Asks for sessions that exist: the paths stand in the file that PATHS names, one a line.
wrk.method = os.getenv("METHOD")
local requests = {}
local last = 0

function init()
  if wrk.method == "POST" then
    wrk.headers["Content-Type"] = "application/json"
    wrk.headers["gkc_customerId"] = "customer-4711"
    wrk.body = '{"visitId":"visit-1"}'
  end
  for path in io.lines(os.getenv("PATHS")) do
    requests[#requests + 1] = wrk.format(wrk.method, path)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
