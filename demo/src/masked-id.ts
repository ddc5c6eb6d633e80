/** A session id for the screen: enough to tell two apart, too little to use one. */
export const maskId = (id: string): string => `${id.slice(0, 4)}…${id.slice(-4)}`
