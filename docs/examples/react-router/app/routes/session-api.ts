import { handle } from '../sessions.server'
import type { Route } from './+types/session-api'

// A resource route: GET goes to the loader, PUT, POST and DELETE to the action.
export const loader = ({ request }: Route.LoaderArgs) => handle(request)
export const action = ({ request }: Route.ActionArgs) => handle(request)
