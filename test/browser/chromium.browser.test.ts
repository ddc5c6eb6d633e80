import { describeEngine } from './engine-cases.ts'
import { chromiumEngine } from './support/chromium-engine.ts'

describeEngine(chromiumEngine())
