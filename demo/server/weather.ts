import type { IncomingMessage, ServerResponse } from 'node:http'
import { readWeather, WEATHER_COOKIE, type Weather } from '../src/weather.ts'
import { cookieOf, type Handler, sendFailure, sendPage } from './reply.ts'

const SLOW_MS = 3_000
const RETRY_AFTER_S = 3

/** What the book of the server says of a request that the weather turned away. */
type Refused = (request: IncomingMessage, status: number) => void

/**
 * Lets the session API misbehave for one browser, whose cookie says how; no other visitor notices. The header is for
 * a promise card, which provokes trouble for its throw-away session alone.
 */
export const withWeather =
  (handle: Handler, refused: Refused): Handler =>
  (request, response) => {
    const weather = weatherOf(request)
    if (weather === 'slow') return later(SLOW_MS, response, () => handle(request, response))
    if (weather === 'normal') return handle(request, response)
    if (weather === 'html') sendPage(response, 200, '<!doctype html><title>Maintenance</title>Back soon.')
    else if (weather === 'busy') {
      response.setHeader('retry-after', String(RETRY_AFTER_S))
      sendFailure(response, 429, 8, 'Too many requests: the laboratory asks for this')
    } else sendFailure(response, 503, 7, 'Down: the laboratory asks for this')
    refused(request, response.statusCode)
  }

const weatherOf = (request: IncomingMessage): Weather =>
  readWeather(request.headers['x-demo-weather'] ?? cookieOf(request, WEATHER_COOKIE))

/** Not for a visitor who has gone by then. */
function later(delayMs: number, response: ServerResponse, work: () => void): void {
  const timer = setTimeout(work, delayMs)
  response.once('close', () => clearTimeout(timer))
}
