import { descriptionOf, type Probe } from './doctor-probe.ts'
import type { Finding } from './finding.ts'

interface Explanation {
  cause: string
  remedy: string
}

/** Why no session could be made. */
export function explainUnreachable(answer: Probe): Finding {
  const { status, text, headers, trouble } = answer
  const fault = { check: 'reachability', verdict: 'fault' } as const
  if (trouble === 'TIMEOUT')
    return { ...fault, finding: 'PUT /sessions/new got no answer in time', ...explainTrouble(trouble) }
  if (trouble)
    return {
      ...fault,
      finding: `PUT /sessions/new got no answer (${trouble})`,
      ...explainTrouble(trouble),
    }
  if (status >= 300 && status < 400)
    return {
      ...fault,
      finding: `PUT /sessions/new is redirected (HTTP ${status})`,
      cause:
        'The URL is not the final one; the client follows no redirect, because gkc_customerId would go with it.',
      remedy: `Use the URL that it redirects to${headers.get('location') ? ', named in its Location header' : ''}.`,
    }
  if (/text\/html/i.test(headers.get('content-type') ?? '') || /^\s*</.test(text))
    return {
      ...fault,
      finding: `PUT /sessions/new answers a page of HTML (HTTP ${status})`,
      cause:
        'The URL leads to a website, the fallback page of a single-page app, or an error page of a proxy.',
      remedy:
        'Give the base URL of the API, such as https://host/gks-server/v1, and let the proxy pass that path on.',
    }
  if (status === 401 || status === 403)
    return {
      ...fault,
      finding: `PUT /sessions/new is refused (HTTP ${status})`,
      cause: 'Something before the API asks for credentials; the API itself needs no role.',
      remedy: 'Open the path for visitors, or give the credentials with --header.',
    }
  if (status === 404 || status === 405)
    return {
      ...fault,
      finding: `There is no PUT /sessions/new (HTTP ${status})`,
      cause: 'The base path is wrong, or a proxy does not pass PUT on.',
      remedy:
        'Check the path of the URL (it goes up to /sessions, without it) and the methods that the proxy allows.',
    }
  const description = descriptionOf(answer)
  return {
    ...fault,
    finding: `PUT /sessions/new answers no session (HTTP ${status})${description && `: ${description}`}`,
    ...explainFailure(status, description),
  }
}

function explainFailure(status: number, description: string): Explanation {
  if (status >= 500)
    return { cause: 'The server or its store is down.', remedy: 'Look into the log of the server.' }
  if (description)
    return {
      cause: 'The API refuses, and says why.',
      remedy: 'Do what it asks for: --tenant gives a tenant, --header a key or credentials.',
    }
  return {
    cause: 'The answer has no sessionId of a known shape.',
    remedy: 'Check that this is a Session Management API.',
  }
}

/** What the codes of Node and of undici mean, the first that fits. */
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
    'The name of the host is not known here.',
    'Check the host of the URL, and the name server of this machine.',
  ],
  [
    /^(ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    'No way leads to this address, or a firewall drops the connection.',
    'Try it from the machine of the server itself.',
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
    'Somebody listens, but ends the connection without an answer: a port for https, or a proxy or firewall that cuts it.',
    'Try https:// instead of http://, and look into the logs of what listens there.',
  ],
  [/^HPE_/, 'Somebody listens who does not speak HTTP.', 'Check the port of the URL.'],
]

function explainTrouble(trouble: string): Explanation {
  const [, cause, remedy] = TROUBLES.find(([codes]) => codes.test(trouble)) ?? [
    undefined,
    'The request could not be sent.',
    'Check scheme, host and port of the URL.',
  ]
  return { cause, remedy }
}
