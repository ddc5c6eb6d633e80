wrk.method = "PUT"
wrk.path = "/sessions/new"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["gkc_customerId"] = "customer-4711"
wrk.body = '{"visitId":"visit-1"}'
