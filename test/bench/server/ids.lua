-- What a storefront sends for a visitor that it knows.
wrk.method = os.getenv("METHOD")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["gkc_customerId"] = "customer-4711"
wrk.body = '{"visitId":"visit-1"}'
