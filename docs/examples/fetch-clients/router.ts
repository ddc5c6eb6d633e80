import { initTRPC } from '@trpc/server'

const t = initTRPC.create()

/** Stands for your server's router. */
const router = t.router({
  cart: t.procedure.query(() => ({ ok: true })),
  add: t.procedure.mutation(() => ({ ok: true })),
})

export type AppRouter = typeof router
