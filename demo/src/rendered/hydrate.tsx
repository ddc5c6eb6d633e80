import { hydrateRoot } from 'react-dom/client'
import { RenderedShop } from './rendered-shop.tsx'
import type { RenderedReport } from './rendered-types.ts'

const root = document.getElementById('root')
if (!root) throw new Error('rendered.html has no #root')
const main = root.querySelector('main')

const rendered: RenderedReport = {
  markup: root.querySelector('#greeting')?.textContent ?? '',
  first: null,
  errors: [],
  sessionId: null,
}
Object.assign(window, { rendered })

hydrateRoot(
  root,
  <RenderedShop
    storageKey={new URLSearchParams(location.search).get('key') ?? ''}
    ready={main?.dataset.ready ?? ''}
    onSeen={(said, sessionId) => {
      rendered.first ??= said
      rendered.sessionId = sessionId
    }}
  />,
  { onRecoverableError: (error) => rendered.errors.push(String(error)) },
)
