export const SERVE_HELP = `storefront-session serve: runs the Session Management API

  --port N              port to listen on; 0 takes a free one          4000
  --host ADDRESS        address to listen on; 0.0.0.0 for all          127.0.0.1
  --base-path PATH      path below which the API stands                (none)

Sessions
  --store STORE         where sessions live:                           sqlite:sessions.db
                          memory                  this process only, for tests
                          sqlite:PATH             a file; needs: npm install libsql
                          redis://HOST:PORT       Redis or Valkey (rediss:// with TLS);
                                                  needs: npm install ioredis
                          redis+cluster://H:P,H:P   a cluster, by some of its nodes
                          redis+sentinel://H:P,H:P/NAME   the master NAME
  --store-file PATH     a file that holds STORE, such as a secret      (none)
  --synchronous MODE    SQLite only: full waits for the disk at each   normal
                        commit, so that a power cut costs nothing
  --ttl DURATION        idle time after which a session ends,          30d
                        such as 45m, 12h, 30d
  --touch DURATION      a use renews a session only when so much of    ttl / 100
                        its lifetime has passed
  --max-age DURATION    age at which a session ends, however often     (none)
                        it is used
  --no-create           POST to an unknown id answers 404 instead of creating it
  --deletable           each client that knows an id may erase its session

Visitors
  --cors-origin ORIGIN  a foreign page that may use the API;           (none)
                        may be repeated
  --max-body BYTES      longest request body                           16384
  --limit-create RATE   requests of one client that make a session,    (none)
                        such as 30/10m (s, m, h, d)
  --limit-use RATE      requests of one client that use one,           (none)
                        such as 600/10m
  --trust-proxy N       so many proxies stand before this server: the  0
                        client is that many entries from the right of
                        X-Forwarded-For
  --cookie              keep the session id in an HttpOnly cookie, too;
                        not together with --cors-origin
  --cookie-name NAME    its name                                       sid
  --cookie-max-age DURATION   how long the browser keeps it            400d
  --cookie-same-site MODE     strict, lax or none                      lax
  --cookie-domain HOST  the domain whose subdomains see it, too        (none)
  --no-cookie-secure    send it over plain HTTP, too

Operation
  --max-connections N   open connections; further ones are closed      (none)
  --drain-delay DURATION  after SIGTERM, go on for so long while       0s
                        /readyz answers 503
  --no-metrics          no /metrics
  --quiet               no line for each request
  --help                this text

Every flag has an environment variable: --base-path is STOREFRONT_SESSION_BASE_PATH, and so on. --cors-origin takes
a list separated by commas there. Switches take true or false: STOREFRONT_SESSION_CREATE=false is --no-create. A flag
wins; an empty variable counts as unset.

GET /livez answers 200 while the process runs. GET /readyz (and /healthz) answers 200 while the store takes writes and
the server is not stopping, else 503. SIGTERM waits for the drain delay, finishes what is under way and ends, within
ten seconds. SIGINT does the same without the delay. An idle connection is kept for 65 s: a load balancer before the
server should let go sooner.
`
