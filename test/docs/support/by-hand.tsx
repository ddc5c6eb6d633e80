/** The hook of docs/guides/migrating.md, and what a shop builds around it. Bundled into a page. */
import { useEffect, useState } from 'react'
import { mountTogether } from './mount-together.ts'

function useSessionId() {
  const [id, setId] = useState(() => localStorage.getItem('sessionId'))
  useEffect(() => {
    if (id) return
    void fetch('/gks-server/v1/sessions/new', { method: 'PUT' })
      .then((response) => response.json())
      .then((body) => {
        localStorage.setItem('sessionId', body.response.sessionId)
        setId(body.response.sessionId)
      })
  }, [id])
  return id
}

/** Says who is signed in as soon as there is a session, and asks for the cart with it. */
function Shop() {
  const id = useSessionId()
  useEffect(() => {
    const customerId = new URLSearchParams(location.search).get('customer')
    if (id && customerId)
      void fetch(`/gks-server/v1/sessions/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', gkc_customerId: customerId },
        body: '{}',
      })
    if (id) void fetch(`/api/cart?sessionId=${id}`)
  }, [id])
  return <p>{id}</p>
}

mountTogether(<Shop />)
