import react from '@vitejs/plugin-react'
import { sessionApi } from 'storefront-session/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react(), sessionApi()], // the API, in memory, below /gks-server/v1
})
