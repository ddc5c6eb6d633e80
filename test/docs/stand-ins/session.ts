import { createSessionClient } from 'storefront-session'

export const client = createSessionClient({ baseUrl: '/gks-server/v1' })
