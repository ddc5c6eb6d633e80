/** The state of our client, for the stores that it is compared with. */
export const SESSION_STATE = {
  status: 'ready',
  sessionId: 'bench-session-0123456789',
  session: { sessionId: 'bench-session-0123456789' },
  isValidating: false,
  isAssociating: false,
  error: null,
  persistence: 'local',
}

export const withVisit = (state, visitId) => ({ session: { ...state.session, visitId }, isAssociating: true })
