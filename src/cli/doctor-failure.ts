import { descriptionOf, hidesSession, isRedirect } from './doctor-answer.ts'
import type { Probe } from './doctor-probe.ts'

export interface Explanation {
  cause: string
  remedy: string
}

/** Why a request got no session. */
export const explainFailure = (answer: Probe): Explanation =>
  explainBarrier(answer) ?? explainRefusal(answer) ?? explainAnswer(answer)

/** Why the client can't read an answer, whatever the request was; undefined where it can. */
export function explainBarrier(answer: Probe): Explanation | undefined {
  if (answer.trouble) return explainTrouble(answer.trouble)
  if (hidesSession(answer))
    return {
      cause:
        'The answer has a session, but with the status of an error: to the client each status from 400 up is an error.',
      remedy: 'Let the API, or the proxy that changes its status, answer 200.',
    }
  if (isRedirect(answer))
    return {
      cause:
        'The URL is not the final one; the client follows no redirect, because gkc_customerId would go with it.',
      remedy: `Use the URL that it redirects to${answer.headers.get('location') ? ', named in its Location header' : ''}.`,
    }
}

/** Why a request was refused after the session was made; undefined where it was not. */
export function explainRefusal({ status }: Probe): Explanation | undefined {
  if (status !== 401 && status !== 403) return
  return {
    cause: 'Something before the API asks for credentials now, but not for PUT /sessions/new.',
    remedy: 'Open the path for visitors with all methods, or give the credentials with --header.',
  }
}

function explainAnswer({ status, text }: Probe): Explanation {
  if (status >= 500)
    return {
      cause: 'The server, its store or a proxy before it is overloaded or down.',
      remedy: 'Look into the logs of the server and of the proxies before it.',
    }
  if (descriptionOf(text))
    return {
      cause: 'The API refuses the request and says why.',
      remedy: 'Do what it asks for: --tenant gives a tenant, --header a key or credentials.',
    }
  if (status >= 400)
    return {
      cause: 'The server or a proxy before it blocks this request.',
      remedy: 'Check the methods and paths that the proxy allows.',
    }
  return {
    cause:
      'The answer has no sessionId of a known shape, or its customerId, agentId, visitId or globalVisitId is no string.',
    remedy: 'Check that this is a Session Management API, and that it writes ids in quotes: "7", not 7.',
  }
}

/** The meaning of the codes of Node and undici; the first that fits counts. */
const TROUBLES: [codes: RegExp, cause: string, remedy: string][] = [
  [
    /^TIMEOUT$/,
    'The server is overloaded, or a firewall drops the connection.',
    'Try it from the machine of the server itself; raise --timeout to see whether it answers at all.',
  ],
  [
    /^ECONNREFUSED$/,
    'Nothing listens at this address.',
    'Check host and port of the URL, and that the API runs.',
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    'This machine does not know the name of the host.',
    'Check the host of the URL, and the name server of this machine.',
  ],
  [
    /^(ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    'There is no route to this address, or a firewall drops the connection.',
    'Try it from the machine of the server itself.',
  ],
  [
    // zlib, Brotli and Zstandard
    /^(Z_|ERR__ERROR_|ERR_BROTLI_|ZSTD_)/,
    'The compression of the answer is broken: its body is not in the coding that its Content-Encoding names.',
    'Let the API, or the proxy that compresses its answers, send them as they are, without Content-Encoding.',
  ],
  [
    /CERT|UNABLE_TO_VERIFY/,
    'The certificate is not trusted: it is self-signed, expired, for another name, or sent without its chain.',
    'Let the server send a valid certificate with its whole chain; for an authority of your own set NODE_EXTRA_CA_CERTS=ca.pem.',
  ],
  [
    /SSL|TLS|EPROTO/,
    'There is no TLS at this port, or none that Node speaks: perhaps it is a port for plain http.',
    'Try http:// instead of https://, or the port for https.',
  ],
  [
    /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/,
    'A program listens, but ends the connection without an answer: a port for https, or a proxy or firewall that cuts it.',
    'Try https:// instead of http://, and look into the logs of the program that listens there.',
  ],
  [/^HPE_/, 'The program that listens there does not speak HTTP.', 'Check the port of the URL.'],
]

function explainTrouble(trouble: string): Explanation {
  const [, cause, remedy] = TROUBLES.find(([codes]) => codes.test(trouble)) ?? [
    undefined,
    'The request could not be sent.',
    'Check scheme, host and port of the URL.',
  ]
  return { cause, remedy }
}
