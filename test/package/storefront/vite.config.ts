import { sessionApi } from 'storefront-session/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [sessionApi()] })
