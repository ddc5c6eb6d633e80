import node from '@astrojs/node'
import react from '@astrojs/react'
import { defineConfig } from 'astro/config'

// The page is static; the adapter is there for the API alone.
export default defineConfig({
  integrations: [react()],
  adapter: node({ mode: 'standalone' }),
})
