import { describeEngine } from './engine-cases.ts'
import { firefoxEngine } from './support/firefox-engine.ts'

describeEngine(firefoxEngine())
