/** What an engine can carry into a page and back. */
type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value }

/** One tab. Nothing here waits for more than the engine's answer: what the page does then is waited for by the test. */
export interface Tab {
  goto(url: string): Promise<void>
  /** Runs the function in the page, with nothing of its surroundings but the argument. */
  evaluate<T, A extends Value = undefined>(work: (argument: A) => T | Promise<T>, argument?: A): Promise<T>
  /** Asks for the page before this one. Whether it was restored, the page itself tells. */
  back(): Promise<void>
  close(): Promise<void>
}

/** One visitor: the tabs share storage with each other and with nobody else. */
export interface Profile {
  open(url: string): Promise<Tab>
  /** Ends the processes of all pages; the browser itself goes on. Not where the engine `cannot`. */
  crashPages(): Promise<void>
  /** Not where the engine `cannot`. */
  setOffline(isOffline: boolean): Promise<void>
  close(): Promise<void>
}

/** A browser that was started as a visitor starts it, with nobody at the remote control. */
export interface LooseBrowser {
  /** Kills all of its processes at once. */
  kill(): Promise<void>
}

/** One browser engine: the same cases run in each of them. */
export interface Engine {
  name: string
  /** What can not be done to it from outside, and why: the cases that need it are not run. */
  cannot: { goOffline?: string; crashPages?: string }
  /** As many tabs as a test may ask for. */
  manyTabs: number
  start(): Promise<void>
  /** A visitor who was never here. */
  profile(): Promise<Profile>
  /** The ways in which this browser lets a visitor switch storage off. */
  blocked: { how: string; hasChannel: boolean; profile(): Promise<Profile> }[]
  /** Shows the page in a browser that keeps its profile in this folder. */
  browse(folder: string, url: string): Promise<LooseBrowser>
  close(): Promise<void>
}
