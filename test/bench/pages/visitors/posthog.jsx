// An id made in the browser and, with all that captures and configures switched off, told to nobody.
import { posthog } from 'posthog-js'

export function createVisitor(ids) {
  posthog.init('bench', {
    api_host: `${location.origin}/posthog`,
    advanced_disable_flags: true,
    autocapture: false,
    capture_pageview: false,
    capture_pageleave: false,
    disable_compression: true,
    disable_external_dependency_loading: true,
    disable_session_recording: true,
    disable_surveys: true,
    // It takes a headless browser for a bot.
    opt_out_useragent_filter: true,
    request_batching: false,
  })
  if (ids) posthog.identify(ids.customerId)
  return {
    Provider: ({ children }) => children,
    useId: () => posthog.get_property('$device_id'),
  }
}
