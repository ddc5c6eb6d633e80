// What `bench:start` imports and starts: each client without React, told to restore or make its session.
import { fileURLToPath } from 'node:url'
import { named } from './peers.mjs'

/** An app that runs TanStack Query already: the first module of its page, and where a client finds the same one. */
export const APP = `import * as queryCore from '@tanstack/query-core'
  const queryClient = new queryCore.QueryClient()
  globalThis.app = { queryCore, queryClient }
  queryClient.fetchQuery({ queryKey: ['products'], queryFn: () => fetch('/favicon.ico').then(({ status }) => status) })`
export const OF_THE_APP = {
  '@tanstack/query-core': fileURLToPath(new URL('../pages/app-query.js', import.meta.url)),
}

/** [title, module text, in an app] The text leaves `globalThis.isStarted`, which says whether the session is there. */
export const STARTERS = {
  nothing: ['nothing: an empty script', `globalThis.isStarted = () => true`],
  ours: [
    '**storefront-session**/core',
    `import { createSessionClient } from 'storefront-session/core'
    const client = createSessionClient({ baseUrl: '/gks-server/v1' })
    client.start()
    globalThis.isStarted = () => client.getState().session && !client.getState().isValidating`,
  ],
  beside: [
    '**storefront-session**/core, in an app that runs TanStack Query',
    `import { createSessionClient } from 'storefront-session/core'
    const client = createSessionClient({ baseUrl: '/gks-server/v1', queryClient: app.queryClient })
    client.start()
    globalThis.isStarted = () => client.getState().session && !client.getState().isValidating`,
    true,
  ],
  query: [
    `${named('@tanstack/react-query')}'s core and a query`,
    `import { QueryClient } from '@tanstack/query-core'
    const queryClient = new QueryClient()
    let session
    queryClient
      .fetchQuery({
        queryKey: ['session'],
        queryFn: () => fetch('/gks-server/v1/sessions/new', { method: 'PUT' }).then((response) => response.json()),
      })
      .then((data) => { session = data })
    globalThis.isStarted = () => session`,
  ],
  'better-auth': [
    named('better-auth'),
    `import { createAuthClient } from 'better-auth/client'
    const client = createAuthClient({ basePath: '/better-auth' })
    let session
    client.useSession.subscribe(({ data }) => { session = data })
    globalThis.isStarted = () => session`,
  ],
  faststore: [
    named('@faststore/sdk'),
    `import { createSessionStore } from '@faststore/sdk'
    const validate = (session) =>
      fetch('/faststore/graphql', { method: 'POST', body: JSON.stringify({ variables: { session } }) })
        .then((response) => response.json())
        .then(({ data }) => data.validateSession)
    const store = createSessionStore({ locale: 'en-US' }, validate)
    globalThis.isStarted = () => store.read().sessionId`,
  ],
  supabase: [
    named('@supabase/auth-js'),
    `import { AuthClient } from '@supabase/auth-js'
    const auth = new AuthClient({ url: location.origin + '/supabase' })
    let session
    auth.onAuthStateChange((_event, next) => { session = next })
    auth.getSession().then(({ data }) => data.session ?? auth.signInAnonymously())
    globalThis.isStarted = () => session`,
  ],
  posthog: [
    named('posthog-js'),
    `import { posthog } from 'posthog-js'
    posthog.init('bench', {
      api_host: location.origin + '/posthog', advanced_disable_flags: true, autocapture: false,
      capture_pageview: false, capture_pageleave: false, disable_external_dependency_loading: true,
      disable_session_recording: true, disable_surveys: true,
    })
    globalThis.isStarted = () => posthog.get_distinct_id()`,
  ],
}
