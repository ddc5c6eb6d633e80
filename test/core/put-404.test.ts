import { SessionError } from 'storefront-session/core'
import { expect, test } from 'vitest'
import { openBrowser, quiet } from './support/client-page.ts'

const answers: [string, number, () => Response][] = [
  [
    '404 with the JSON of a router',
    404,
    () => Response.json({ message: 'Route not found' }, { status: 404 }),
  ],
  [
    '404 with the documented error',
    404,
    () => Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 }),
  ],
  ['404 with a page', 404, () => new Response('<!doctype html>', { status: 404 })],
  ['404 with an empty body', 404, () => new Response(null, { status: 404 })],
  ['410 with an empty body', 410, () => new Response(null, { status: 410 })],
  [
    '200 with the documented error',
    200,
    () => Response.json({ statusCode: 6, description: 'Session not found' }),
  ],
]

test.each(answers)('F188: a PUT that is answered %s is no lost session', async (_, status, answer) => {
  const browser = openBrowser()
  browser.setFault(answer)
  const { client, events } = browser.open({ retry: 0 })
  client.start()
  const error = await client.ready().catch((caught) => caught)
  expect(error).toBeInstanceOf(SessionError)
  expect(error).toMatchObject({ code: 'http', status })
  expect(client.getState()).toMatchObject({ status: 'error', error: { code: 'http', status } })
  expect(events()).toEqual([])
})

test('F188: nor is it in place of a session that was lost', async () => {
  const browser = openBrowser()
  browser.store('stored-1')
  browser.setFault(() => Response.json({ statusCode: 6, description: 'Session not found' }, { status: 404 }))
  const { client, events } = browser.open({ retry: 0 })
  client.start()
  await expect.poll(() => client.getState().error).toMatchObject({ code: 'http', status: 404 })
  await quiet()
  expect(events()).toEqual(['restored', 'lost'])
  expect(browser.asked()).toEqual(['GET /api/sessions/stored-1', 'PUT /api/sessions/new'])
})

test('F188: a refusal by 404 is not asked again at once', async () => {
  const browser = openBrowser()
  browser.setFault(() => Response.json({}, { status: 404 }))
  const { client } = browser.open({ retry: 3 })
  await expect(client.ready()).rejects.toMatchObject({ code: 'http' })
  expect(browser.asked()).toHaveLength(1)
})
