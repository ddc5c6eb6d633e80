import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const proxy = { '/gks-server/v1': 'http://localhost:4000' } // `npm run api` in a second terminal

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
})
