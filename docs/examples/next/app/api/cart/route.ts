import { currentSession } from '../../../lib/sessions'

export async function GET(request: Request) {
  const session = await currentSession()
  const attached = new URL(request.url).searchParams.get('sessionId')
  return Response.json({ items: 0, isSameSession: session?.sessionId === attached })
}
