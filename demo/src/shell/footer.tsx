import { useQuery } from '@tanstack/react-query'
import { useSessionClient } from 'storefront-session'
import { openConsent } from '../consent/consent-banner.tsx'

export const Footer = () => (
  <footer>
    <p>
      Halfnote is a shop that sells nothing. It shows what <strong>storefront-session</strong> does: one
      session for every visitor, anonymous first, recognised later.
    </p>
    <button type="button" className="quiet" onClick={openConsent}>
      Privacy choice
    </button>
    <OpeningHours />
  </footer>
)

/** The same for everybody, and outside `attach.to`: this request goes without the session, by the same fetch. */
function OpeningHours() {
  const client = useSessionClient()
  const { data } = useQuery({
    queryKey: ['hours'],
    queryFn: async ({ signal }) => {
      const response = await client.fetch('/hours.json', { signal })
      // A file of the demo.
      return (await response.json()) as { today: string }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <p className="hours">{data?.today ?? 'The workshop'}</p>
}
