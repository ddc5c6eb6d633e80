/** 144 bits: more than the 128 that make guessing hopeless, and no padding in base64. */
const ID_BYTES = 18

/** The shape of the ids that our server makes and accepts. */
export const isServerSessionId = (value: string): boolean => /^[A-Za-z0-9_-]{16,128}$/.test(value)

/** A new id of 24 URL-safe characters from the platform's cryptographic random numbers. */
export const newSessionId = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(ID_BYTES))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
