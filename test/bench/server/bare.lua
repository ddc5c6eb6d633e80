-- The bare operation, as a visitor of whom nothing is known yet sends it.
wrk.method = os.getenv("METHOD")
