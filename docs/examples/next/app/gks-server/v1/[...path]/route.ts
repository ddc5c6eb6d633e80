import { handle } from '../../../../lib/sessions'

const answer = (request: Request) => handle(request)

export { answer as DELETE, answer as GET, answer as POST, answer as PUT }
