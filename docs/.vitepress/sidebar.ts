/** The pages in reading order; `llms.txt` has the same order. */
export const sidebar = [
  {
    text: 'Quick starts',
    items: [
      { text: 'Vite', link: '/start/vite' },
      { text: 'React 18', link: '/start/react-18' },
      { text: 'Next.js App Router', link: '/start/next' },
      { text: 'React Router 7', link: '/start/react-router' },
      { text: 'TanStack Router', link: '/start/tanstack-router' },
      { text: 'Astro', link: '/start/astro' },
    ],
  },
  {
    text: 'Concepts',
    items: [
      { text: 'The life of a session', link: '/concepts/lifecycle' },
      { text: 'One visitor, three tabs', link: '/concepts/tabs' },
      { text: 'What is stored where', link: '/concepts/storage' },
      { text: 'What it promises', link: '/concepts/promises' },
    ],
  },
  {
    text: 'Guides',
    items: [
      { text: 'Where the client lives', link: '/guides/client' },
      { text: 'Where useAssociate goes', link: '/guides/use-associate' },
      { text: 'Sign-in and sign-out', link: '/guides/sign-in-and-sign-out' },
      { text: 'Consent', link: '/guides/consent' },
      { text: 'Fetch clients', link: '/guides/fetch-clients' },
      { text: 'Caches and CDNs', link: '/guides/caches-and-cdns' },
      { text: 'Cookies and subdomains', link: '/guides/cookies-and-subdomains' },
      { text: 'Offline', link: '/guides/offline' },
      { text: 'Testing', link: '/guides/testing' },
      { text: 'Devtools', link: '/guides/devtools' },
      { text: 'Migrating from your own hook', link: '/guides/migrating' },
    ],
  },
  {
    text: 'Server',
    items: [
      { text: 'Running the API', link: '/server' },
      { text: 'Security and privacy', link: '/security' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Options', link: '/reference/options' },
      { text: 'Client and hooks', link: '/reference/client' },
      { text: 'Events', link: '/reference/events' },
      { text: 'Errors', link: '/reference/errors' },
      { text: 'API, generated', link: '/reference/api/overview' },
    ],
  },
  {
    text: 'Help',
    items: [
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'Limits', link: '/limits' },
      { text: 'Browsers', link: '/browsers' },
      { text: 'Benchmarks', link: '/benchmarks' },
      { text: 'Faults', link: '/faults' },
    ],
  },
]
