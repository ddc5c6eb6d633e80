/** Where the session API stands, for the browser and for the page that the server renders. */
export const BASE_URL = '/gks-server/v1'
