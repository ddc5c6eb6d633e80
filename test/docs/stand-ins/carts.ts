/** The carts of a shop, by session id. */
export declare const carts: { move(fromSessionId: string, toSessionId: string): Promise<void> }
