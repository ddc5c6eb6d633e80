/** Stands for what openapi-typescript writes. */
export interface paths {
  '/cart': {
    get: { responses: { 200: { content: { 'application/json': { ok: boolean } } } } }
    post: {
      requestBody: { content: { 'application/json': { sku: string } } }
      responses: { 200: { content: { 'application/json': { ok: boolean } } } }
    }
  }
}
